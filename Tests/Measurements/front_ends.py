#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions of one frame by kind of front end, on every core, clang for speed.

    front_ends.py str_ww_ref_model.float32.safetensors                  build kwsc before
    front_ends.py str_ww_ref_model.float32.safetensors DATA BOARD...    parity of six clips instead

The network is MLPerf's wake word's, which takes 30 rows of 40 features, whatever they are: 40 bands or
bins of 480 samples and 512 points every 320 samples, or 40 samples. A line a kind and core: instructions
of the front end's kernel alone, bytes of the instance and of the front end's tables.
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DESCRIPTION = ROOT + "/Sources/CModelDescriptions/descriptions/mlperf-wakeword.kws.json"
TRANSFORM = {
    "frameSamples": 480, "hopSamples": 320, "frameCount": 30, "fftPoints": 512,
    "window": "periodic-hann", "spectrum": "power",
}
BANDS = {"kind": "triangles", "count": 40, "lowHertz": 20, "highHertz": 4000}
BINS = {"kind": "bins", "count": 40, "lowHertz": 0, "highHertz": 8000}
KINDS = {
    "log-mel": {**TRANSFORM, "bands": BANDS, "logarithm": {"naturalOfMaximum": 1e-6}},
    "PCEN": {**TRANSFORM, "bands": BANDS, "normalisation": "integers", "pcen": {}},
    "log-spectrogram": {**TRANSFORM, "bands": BINS, "logarithm": {"naturalOfSum": 1e-6}},
    "waveform": {
        "spectrum": "waveform", "frameSamples": 40, "hopSamples": 40, "frameCount": 30},
}


def main():
    with open(DESCRIPTION) as file:
        description = json.load(file)
    description["model"] = os.path.abspath(sys.argv[1])
    del description["checksums"]
    for name, front_end in KINDS.items():
        with tempfile.NamedTemporaryFile("w", suffix=".kws.json") as file:
            json.dump({**description, "frontEnd": front_end}, file)
            file.flush()
            if len(sys.argv) > 2:
                for board in sys.argv[3:]:
                    print(f"{name}, {board}:")
                    kwsc("parity", file.name, "--data", sys.argv[2], "--clips", "6", "--board", board)
                continue
            output = kwsc("bench", file.name, "--front-end", "--json", stdout=subprocess.PIPE)
        for core in json.loads(output)["cores"]:
            print(
                f"{name}, {core['core']}: {core['front_end']['frame_instructions']} instructions, "
                f"instance {core['instance_bytes']} B, tables {core['front_end_table_bytes']} B")


def kwsc(*arguments, stdout=None):
    sys.stdout.flush()
    return subprocess.run(
        [ROOT + "/.build/release/kwsc", *arguments], check=True, stdout=stdout,
        stderr=subprocess.DEVNULL).stdout


main()
