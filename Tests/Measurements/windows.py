# SPDX-License-Identifier: Apache-2.0
"""A CRNN against a CNN and a DNN of no more numbers, on *happy* in noise.

    python3 Tests/Measurements/windows.py --data DATA --work DIR [--rows NAME,...] [--seeds 1]
                                          [--mine] [--kwsc PATH] [--table]

Each network is trained on windows of a word or none in noise of -10 to 10 dB below the window's mean (a
word is about 5 dB above that) and plays 200 streams of people whom it never heard at each of 5, 10 and
20 dB (`kwsc evaluate --stream --float-only`). With `--mine` the false alarms in other words and noise of the
training set are trained on, too. Runs that DIR already holds are not repeated.
"""

import argparse
import json
import os
import sys

import happy_sets
from tool import run

FAR = 20
STREAMS = 200
RATIOS = (5, 10, 20)
CONVOLUTION = {"kind": "convolution", "padding": "same", "batchNorm": True, "activation": "relu"}
OUTPUT = {"kind": "dense", "outputs": 2}
# 229,122, 219,826 and 220,162 numbers that are trained. All frames as they are, in place of means of five by two bands,
# would leave the third 40 units, which learn the people by heart.
ROWS = {
    "crnn": None,
    "cnn": [
        {**CONVOLUTION, "outputs": 32, "kernel": [20, 5], "stride": [8, 2]},
        {**CONVOLUTION, "outputs": 64, "kernel": [5, 5], "stride": [2, 2]},
        {**CONVOLUTION, "outputs": 64, "kernel": [3, 3], "stride": [2, 2]},
        {"kind": "flatten"}, {"kind": "dense", "outputs": 80, "activation": "relu"}, OUTPUT],
    "dnn": [
        {"kind": "averagePool", "kernel": [5, 2], "stride": [5, 2]},
        {"kind": "flatten"}, {"kind": "dense", "outputs": 256, "activation": "relu"},
        {"kind": "dense", "outputs": 256, "activation": "relu"}, OUTPUT],
}


def stem(args, row, seed):
    return f"{args.work}/{row}.{seed}{'.mined' if args.mine else ''}"


def measure(args, row, seed):
    """Trains a row and plays the streams to it; both only once."""
    name = stem(args, row, seed)
    if not os.path.exists(f"{name}.onnx"):
        here = os.path.dirname(os.path.abspath(__file__))
        with open(f"{here}/happy_crnn.recipe.json") as file:
            recipe = json.load(file)
        recipe["seed"] = seed
        if ROWS[row]:
            recipe["network"]["layers"] = ROWS[row]
        with open(f"{name}.recipe.json", "w") as file:
            json.dump(recipe, file, indent=1)
        clips = f"{args.work}/clips"
        mine = ["--mine", f"{clips}/others:train,{clips}/noise:train"] if args.mine else []
        run([args.kwsc, "train", f"{name}.recipe.json", "--data", clips, "-o", name,
             "--threads", "1", *mine])
    found = {}
    for ratio in RATIOS:
        result = f"{name}.{ratio}.json"
        if not os.path.exists(result):
            text = run([
                args.kwsc, "evaluate", f"{name}.onnx", "--stream", str(STREAMS),
                "--snr", str(ratio), "--fa-per-hour", str(FAR),
                *happy_sets.played(args.work, "test")])
            with open(result, "w") as file:
                file.write(text)
        with open(result) as file:
            found[ratio] = json.load(file)["keywords"][0]
    return found


def misses(keyword):
    """FRR at the wanted false alarms an hour with Wilson's interval, in percent."""
    points = [x for x in keyword["operating_points"] if x["wanted_fa_per_hour"] == FAR]
    if not points:
        return "more at every threshold"
    point = points[0]
    n, p, z = keyword["words"], point["frr"], 1.96
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return f"{100 * p:.1f} ({100 * (centre - half):.1f} .. {100 * (centre + half):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--kwsc", default=".build/release/kwsc")
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--mine", action="store_true")
    parser.add_argument("--table", action="store_true", help="of what there is, run nothing")
    args = parser.parse_args()
    args.data, args.work = os.path.abspath(args.data), os.path.abspath(args.work)
    happy_sets.write(args.data, args.work)
    happy_sets.write(args.data, f"{args.work}/clips", lead=4000)
    print("| row | seed | " + " | ".join(f"misses at {FAR} FA/h, {x} dB, %" for x in RATIOS) + " |")
    print("|---" * (2 + len(RATIOS)) + "|")
    for seed in map(int, args.seeds.split(",")):
        for row in args.rows.split(","):
            if args.table and not os.path.exists(f"{stem(args, row, seed)}.{RATIOS[-1]}.json"):
                continue
            found = measure(args, row, seed)
            print(f"| {row} | {seed} | " + " | ".join(misses(found[x]) for x in RATIOS) + " |",
                  flush=True)
            print(row, [(x, y["words"], y["hours"]) for x, y in found.items()], file=sys.stderr)


if __name__ == "__main__":
    main()
