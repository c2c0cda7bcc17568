# SPDX-License-Identifier: Apache-2.0
"""What narrow weights and activations cost a fine-tuned DS-CNN on speakers that it never heard.

    python3 Tests/Measurements/quantised.py --data DATA --work DIR [--folds 0,1,2,3,4] [--seeds 1,2,3]
                                            [--rows NAME,...] [--kwsc PATH] [--table]

For each fold of the speakers of `speech/gsc_v2_dev` and each seed the MLPerf DS-CNN is fine-tuned on the
other folds and, without labels, on a thousand clips of other speech, its float self the teacher: as a
float network (`float`; compiled to 8 bits without training `float rounded`) and rounded, by the same
recipe; then `kwsc evaluate` counts what the C library hears of the fold. Runs that
DIR already holds are not repeated, so it can be stopped and gone on with. The table: means over folds
and seeds, and of the difference to the float network of the same fold and seed the mean with a 95 %
interval (Student's t over those differences; from two on).
"""

import argparse
import json
import os
import sys

import speaker_folds
from student import interval
from tool import run

FOLDS = 5

# The small layers, a quarter of the weights, at one width; the pointwise ones at another.
def mixed(small, pointwise):
    layers = {f"pw{i}": pointwise for i in range(1, 5)}
    return {"default": small, **layers}


LEARNED = {"weights": "learned", "activations": "learned", "form": "measured"}
ROWS = {
    "float": None,
    "int8": {"weights": 8, "activations": 8},
    "w4": {"weights": 4, "activations": 8},
    "learned 2.5/3": {**LEARNED, "weightBits": 2.5, "activationBits": 3},
    "brevitas 2.5/3": {**LEARNED, "form": "brevitas", "weightBits": 2.5, "activationBits": 3},
    "uhlich 2.5/3": {**LEARNED, "form": "uhlich", "weightBits": 2.5, "activationBits": 3},
    "learned w2.5": {"weights": "learned", "weightBits": 2.5, "activations": 8},
    "learned w3.0": {"weights": "learned", "weightBits": 3.0, "activations": 8},
    "learned w4.0": {"weights": "learned", "weightBits": 4.0, "activations": 8},
    # (16,384 * 2 + 5,632 * 4) / 22,016 = 2.51, so the first layer has 3: 2.40 bits.
    "mixed w2.5": {"weights": {**mixed(4, 2), "conv0": 3}, "activations": 8},
    "uniform w3.0": {"weights": 3, "activations": 8},
    "mixed w2.5 a3": {"weights": {**mixed(4, 2), "conv0": 3},
                      "activations": {"default": 4, "dw1": 2, "dw2": 2, "dw3": 2, "dw4": 2,
                                      "conv0": 2}},
}


def recipe(args, fold, seed, row):
    speech = f"{args.data}/speech"
    training = [{"path": "folds", "split": f"fold{f}"} for f in range(FOLDS) if f != fold]
    training += [
        {"path": f"{speech}/gsc_bed_cat_happy", "split": "val", "unlabelled": True},
        {"path": f"{speech}/gsc_v1_sample", "unlabelled": True}]
    result = {
        "description": "mlperf-dscnn",
        "model": f"{args.data}/models/mlperf_tiny_dscnn/kws_ref_float32_bnfolded.safetensors",
        "training": training,
        "distillation": {"teacher": "self", "temperature": 4, "weight": 0.7},
        "augmentation": {
            "shiftMilliseconds": 60, "variants": 4,
            "noise": {"path": f"{args.data}/noise", "split": "train", "probability": 0.3,
                      "decibels": [5, 30]}},
        "optimiser": {"kind": "adam", "rate": 2e-3},
        "batch": 64, "epochs": args.epochs, "seed": seed,
    }
    if ROWS[row]:
        result["quantisation"] = ROWS[row]
    return result


def measure(args, name, fold, text):
    """Trains a recipe and returns what the library hears; both only once."""
    stem = f"{args.work}/{name}"
    if not os.path.exists(f"{stem}.json"):
        with open(f"{stem}.recipe.json", "w") as file:
            json.dump(text, file, indent=1)
        command = [args.kwsc, "train", f"{stem}.recipe.json", "--data", args.work, "-o", stem]
        widths = run(command)
        result = json.loads(run([
            args.kwsc, "evaluate", f"{stem}.onnx", "--data", f"{args.work}/folds",
            "--split", f"fold{fold}", "--calibrate", f"{args.data}/speech/gsc_v2_dev",
            "--json"]))
        report = json.loads(run([
            args.kwsc, "compile", f"{stem}.onnx", "-o", f"{stem}.c", "--json",
            "--calibrate", f"{args.data}/speech/gsc_v2_dev"]))
        with open(f"{stem}.json", "w") as file:
            json.dump({"evaluation": result, "report": report, "widths": widths}, file)
    with open(f"{stem}.json") as file:
        return json.load(file)


def shown(numbers):
    mean, half = interval(numbers)
    if half is None:
        return f"{mean:+6.2f}                "
    return f"{mean:+6.2f} ({mean - half:+.2f}..{mean + half:+.2f})"


def table(results):
    """Prints the rows: `results[row]` is a list of (float, measured) pairs."""
    print("row             runs  accuracy  without silence  against float        "
          "bits w  bits a  bytes")
    for row, pairs in results.items():
        def mean(of):
            return sum(of(x) for x in pairs) / len(pairs)
        def share(part, key):
            return 100 * part["evaluation"][key]["accuracy"]
        key = "float" if row == "float" else "library"
        lost = [share(measured, key) - share(start, "float") for start, measured in pairs]
        apart = mean(lambda x: 100 * x[1]["evaluation"][key]["without_silence"]["accuracy"])
        report = [x[1]["report"] for x in pairs]
        def bits(name):
            return 32 if row == "float" else sum(r[name] for r in report) / len(report)
        print(f"{row:15} {len(pairs):5} {mean(lambda x: share(x[1], key)):9.2f} {apart:16.2f}  "
              f"{shown(lost):20} {bits('bits_per_weight'):7.2f} "
              f"{bits('bits_per_activation'):7.2f} "
              f"{'' if row == 'float' else max(r['table_bytes'] for r in report):>6}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--kwsc", default=".build/release/kwsc")
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--table", action="store_true", help="of what there is, run nothing")
    args = parser.parse_args()
    args.data, args.work = os.path.abspath(args.data), os.path.abspath(args.work)
    speaker_folds.write(f"{args.data}/speech/gsc_v2_dev", f"{args.work}/folds", FOLDS)
    rows = ["float"] + [row for row in args.rows.split(",") if row not in ("", "float")]
    results = {}
    for seed in map(int, args.seeds.split(",")):
        for fold in map(int, args.folds.split(",")):
            start = None
            for row in rows:
                name = f"{row.replace(' ', '_').replace('/', '_')}.{fold}.{seed}"
                if args.table and not os.path.exists(f"{args.work}/{name}.json"):
                    continue
                found = measure(args, name, fold, recipe(args, fold, seed, row))
                if row == "float":
                    start = found
                    results.setdefault("float rounded", []).append((start, start))
                if start:
                    results.setdefault(row, []).append((start, found))
                print(row, fold, seed, file=sys.stderr)
    table(results)


if __name__ == "__main__":
    main()
