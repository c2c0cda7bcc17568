#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What pruning and rounding cost Arm's recurrent networks on gsc_v2_dev.

    python3 Tests/Measurements/recurrent.py oneshot     # cut at once, nothing trained; all clips
    python3 Tests/Measurements/recurrent.py retrained   # trained on the speakers of "train"; those of "val"
    python3 Tests/Measurements/recurrent.py rounded     # the same at 4, 3, 2 bits: dense, and trained to be rounded

KWS_DATA is the data's folder, KWSC the compiler (default: .build/release/kwsc). Models and results go to --work
(.build/measurements/recurrent); what is there is not computed again. Calibration is by clips of "train".
"""

import argparse
import json
import os
import subprocess
import sys

DATA = os.environ.get("KWS_DATA", "")
KWSC = os.environ.get("KWSC", ".build/release/kwsc")
SPEECH = os.path.join(DATA, "speech/gsc_v2_dev")


def recipe(network, more):
    return {
        "description": f"arm-{network.lower().replace('_', '-')}",
        "model": os.path.join(DATA, f"models/arm_ml_kws_for_mcu/{network}.safetensors"),
        "training": [{"path": SPEECH, "split": "train"}], "batch": 50, "seed": 1, **more}


def once(importance, sparsity):
    """What an epoch of 1e-8 changes is nothing."""
    return {"optimiser": {"kind": "adam", "rate": 1e-8}, "epochs": 1,
            "pruning": {"sparsity": sparsity, "importance": importance,
                        "schedule": {"kind": "oneShot"}}}


def retrained(importance, sparsity, epochs):
    """The network is its own teacher; without a sparsity it is fine-tuned in the same way."""
    result = {
        "optimiser": {"kind": "adam", "rate": 0.0005}, "epochs": epochs, "gradientNorm": 5,
        "distillation": {"teacher": "self", "temperature": 1, "weight": 0.5, "hiddenWeight": 3},
        "augmentation": {
            "shiftMilliseconds": 100, "speed": 0.1, "gainDecibels": 6,
            "noise": {"path": os.path.join(DATA, "noise"), "split": "train", "probability": 0.4,
                      "decibels": [5, 30]}}}
    if sparsity:
        result["pruning"] = {
            "sparsity": sparsity, "importance": importance,
            "schedule": {"kind": "gradual", "epochs": [0, max(1, epochs // 3)], "everySteps": 20}}
    return result


def rounded(bits, epochs):
    return {**retrained("", 0, epochs), "quantisation": {"weights": bits}}


def measured(work, name, recipe, split, options=()):
    """Accuracies of the float network and of the C library, in percent."""
    stem = os.path.join(os.path.abspath(work), name)
    if not os.path.exists(stem + ".result.json"):
        model = recipe["model"]
        if "epochs" in recipe:
            with open(stem + ".json", "w") as file:
                json.dump(recipe, file)
            with open(stem + ".log", "w") as log:
                subprocess.run([KWSC, "train", stem + ".json", "-o", stem], check=True, stdout=log, stderr=log)
            model = stem + ".onnx"
        command = [KWSC, "evaluate", model, "--data", SPEECH, "--calibrate", SPEECH, "--json", *options]
        text = subprocess.run(
            command + (["--split", split] if split else []), check=True, capture_output=True).stdout
        with open(stem + ".result.json", "w") as file:
            json.dump({key: json.loads(text)[key]["accuracy"] for key in ["float", "library"]}, file)
    with open(stem + ".result.json") as file:
        found = json.load(file)
    print(f"  {stem}: {found}", file=sys.stderr, flush=True)
    return f"{100 * found['float']:.2f} / {100 * found['library']:.2f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["oneshot", "retrained", "rounded"])
    parser.add_argument("--networks", nargs="+", default=["LSTM_S", "GRU_S"])
    parser.add_argument("--measures", nargs="+")
    parser.add_argument("--sparsities", type=float, nargs="+", default=[0.5, 0.8])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--work", default=".build/measurements/recurrent")
    arguments = parser.parse_args()
    if not DATA:
        sys.exit("KWS_DATA is not set")
    os.makedirs(arguments.work, exist_ok=True)
    is_once = arguments.what == "oneshot"
    split = "" if is_once else "val"

    def cell(network, importance, sparsity):
        if is_once:
            more = once(importance, sparsity) if sparsity else {}
        else:
            more = retrained(importance, sparsity, arguments.epochs)
        name = "-".join([arguments.what, network, importance if sparsity else "dense", f"{sparsity:g}"]
                        + ([] if is_once else [f"{arguments.epochs}"]))
        return measured(arguments.work, name, recipe(network, more), split)

    if arguments.what == "rounded":
        widths = [4, 3, 2]
        print("| network | " + " | ".join(f"{b} bits, dense | {b} bits, trained" for b in widths) + " |")
        print("|" + "---|" * (1 + 2 * len(widths)))
        for network in arguments.networks:
            row = []
            for bits in widths:
                for more, options in [
                        (retrained("", 0, arguments.epochs), ["--weights", str(bits)]),
                        (rounded(bits, arguments.epochs), [])]:
                    name = f"rounded-{network}-{bits}-{'dense' if options else 'trained'}-{arguments.epochs}"
                    row.append(measured(
                        arguments.work, name, recipe(network, more), split, options))
            print(f"| {network} | " + " | ".join(row) + " |", flush=True)
        return

    print("| network, measure | dense | " + " | ".join(f"{100 * s:g} %" for s in arguments.sparsities) + " |")
    print("|" + "---|" * (2 + len(arguments.sparsities)))
    for network in arguments.networks:
        for importance in arguments.measures or (["surgeon", "input"] if is_once else ["surgeon"]):
            row = [cell(network, importance, s) for s in [0] + arguments.sparsities]
            print(f"| {network}, `{importance}` | " + " | ".join(row) + " |", flush=True)


main()
