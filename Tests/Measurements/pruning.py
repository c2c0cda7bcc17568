#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What pruning costs Arm's DNN_L on people that it never heard.

    python3 Tests/Measurements/pruning.py bars            # 90 and 95 % against the dense network
    python3 Tests/Measurements/pruning.py curves          # measures of importance at 50..98 %
    python3 Tests/Measurements/pruning.py sizes           # sparse large against dense small
    python3 Tests/Measurements/pruning.py oneshot         # all measures without training, minutes

KWS_DATA is the data's folder, KWSC the compiler (default: .build/release/kwsc). --folds 0 1 and --seeds 1 take
a part, --epochs fewer rounds. Models and results go to --work (.build/measurements/pruning); what is there is
not computed again. Tables are printed as Markdown.

Five folds by speaker over gsc_v2_dev. In each fold the network is first fine-tuned on the other four ("teacher");
then the same network learns from the teacher again, for as long, with or without pruning: "dense" is the reference,
"given the same fine-tuning". Other speech is there without labels. Silence is left out (the noise in it is known).
"""

import argparse
import csv
import json
import math
import os
import subprocess
import sys

import speaker_folds
from student import interval

DATA = os.environ.get("KWS_DATA", "")
KWSC = os.environ.get("KWSC", ".build/release/kwsc")


def view(work, fold, folds):
    """A data set whose split is "test" for the fold and "train" for the others."""
    folder = os.path.join(work, f"fold{fold}")
    speaker_folds.write(os.path.join(DATA, "speech/gsc_v2_dev"), folder, folds)
    path = os.path.join(folder, "index.csv")
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    with open(path, "w", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        for row in rows:
            row["split"] = "test" if row["split"] == f"fold{fold}" else "train"
            out.writerow(row)
    return folder


def recipe(folder, start, distillation, epochs, seed, pruning=None, rate=0.005, batch=200):
    words = {"path": folder, "split": "train"}
    result = {
        "description": "arm-dnn-l", **start,
        # The words come three times, changed in other ways: they are few beside the rest.
        "training": [words] * 3 + [
            {"path": os.path.join(DATA, "speech", name), "split": "train", "unlabelled": True}
            for name in ["gsc_bed_cat_happy", "gsc_v1_sample", "arabic_sc"]],
        "augmentation": {
            "shiftMilliseconds": 100, "speed": 0.1, "gainDecibels": 6, "variants": 6,
            "noise": {"path": os.path.join(DATA, "noise"), "split": "train", "probability": 0.4,
                      "decibels": [5, 30]}},
        "distillation": {"temperature": 1, **distillation},
        "optimiser": {"kind": "adam", "rate": rate}, "batch": batch, "epochs": epochs, "seed": seed,
    }
    if pruning:
        result["pruning"] = pruning
    return result


class Fold:
    def __init__(self, arguments, fold, seed):
        self.epochs, self.seed = arguments.epochs, seed
        self.data = os.path.abspath(view(arguments.work, fold, 5))
        self.folder = os.path.join(os.path.abspath(arguments.work), f"fold{fold}", f"seed{seed}")
        os.makedirs(self.folder, exist_ok=True)

    def train(self, name, recipe):
        """Accuracy without silence of float network and C library, and weights left."""
        stem = os.path.join(self.folder, name)
        if not os.path.exists(stem + ".result.json"):
            with open(stem + ".json", "w") as file:
                json.dump(recipe, file)
            with open(stem + ".log", "w") as log:
                subprocess.run(
                    [KWSC, "train", stem + ".json", "-o", stem], check=True, stdout=log, stderr=log)
            text = subprocess.run(
                [KWSC, "evaluate", stem + ".onnx", "--data", self.data, "--split", "test",
                 "--calibrate", self.data, "--json"], check=True, capture_output=True).stdout
            report = json.loads(text)
            with open(stem + ".result.json", "w") as file:
                json.dump({key: report[key]["without_silence"]["accuracy"]
                           for key in ["float", "library"]}, file)
        with open(stem + ".result.json") as file:
            result = json.load(file)
        print(f"  {stem}: {result}", file=sys.stderr, flush=True)
        return result

    def teacher(self):
        start = {"model": os.path.join(DATA, "models/arm_ml_kws_for_mcu/DNN_L.safetensors")}
        return self.train("teacher", recipe(
            self.data, start, {"teacher": "self", "weight": 0.9}, max(1, self.epochs // 6),
            self.seed, rate=0.0005, batch=50))

    def again(self, name, pruning=None, start=None):
        model = os.path.join(self.folder, "teacher.onnx")
        distillation = {"teacher": model, "weight": 1, "mixing": {"noise": 0.3}}
        if not start:
            distillation["hiddenWeight"] = 1
        return self.train(name, recipe(
            self.data, start or {"model": model}, distillation, self.epochs, self.seed, pruning))

    def once(self, importance, sparsity):
        """Arm's weights, cut at once; what an epoch of 1e-8 changes is nothing."""
        start = {"model": os.path.join(DATA, "models/arm_ml_kws_for_mcu/DNN_L.safetensors")}
        changed = recipe(
            self.data, start, {"teacher": "self", "weight": 0.9}, 1, self.seed,
            {"sparsity": sparsity, "importance": importance, "schedule": {"kind": "oneShot"}}, 1e-8)
        changed["training"] = changed["training"][:1]
        del changed["augmentation"]
        return self.train(f"once-{importance}-{sparsity}", changed)

    def dense(self):
        self.teacher()
        return self.again("dense")

    def pruned(self, sparsity, importance="surgeon", **more):
        name = "-".join([f"{sparsity}", importance] + [str(x) for x in more.values()])
        return self.again(name, {
            "sparsity": sparsity, "importance": importance,
            "schedule": {"kind": "gradual", "epochs": [0, max(1, self.epochs // 3)],
                         "everySteps": 240}, **more})


def shown(numbers):
    """The mean and half of its 95 % interval, in points."""
    mean, half = interval([100 * x for x in numbers])
    return f"{mean:.2f}" if half is None else f"{mean:.2f} +- {half:.2f}"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def compared(folds, names):
    """Rows of accuracies and of losses against the dense network of the same fold and seed."""
    dense = [fold.dense() for fold in folds]
    rows = [["teacher"] + [shown([f.teacher()[key] for f in folds]) for key in ["float", "library"]]
            + ["", ""],
            ["dense"] + [shown([d[key] for d in dense]) for key in ["float", "library"]] + ["", ""]]
    for name, measure in names:
        found = [measure(fold) for fold in folds]
        rows.append(
            [name] + [shown([x[key] for x in found]) for key in ["float", "library"]]
            + [shown([d["float"] - x[key] for d, x in zip(dense, found)])
               for key in ["float", "library"]])
    table(["network", "float, %", "C library, %", "float, points lost", "C library, points lost"], rows)


def small(width):
    """Dense layers of as many outputs, from scratch."""
    hidden = {"kind": "dense", "outputs": width, "activation": "relu"}
    return {"network": {"input": [25, 10, 1], "layers": [
        {"kind": "flatten"}, hidden, hidden, hidden, {"kind": "dense", "outputs": 12}]}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["bars", "curves", "sizes", "oneshot"])
    parser.add_argument("--folds", type=int, nargs="+", default=range(5))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--sparsities", type=float, nargs="+")
    parser.add_argument("--work", default=".build/measurements/pruning")
    arguments = parser.parse_args()
    if not DATA:
        sys.exit("KWS_DATA is not set")
    folds = [Fold(arguments, fold, seed) for seed in arguments.seeds for fold in arguments.folds]

    if arguments.what == "bars":
        compared(folds, [
            ("90 %", lambda fold: fold.pruned(0.9)),
            ("95 %", lambda fold: fold.pruned(0.95)),
            ("90 %, blocks of 4", lambda fold: fold.pruned(0.9, block=4))])
    elif arguments.what == "curves":
        compared(folds, [
            (f"{importance}, {100 * s:g} %",
             lambda fold, s=s, importance=importance: fold.pruned(s, importance))
            for importance in ["input", "magnitude", "random"]
            for s in arguments.sparsities or [0.5, 0.7, 0.8, 0.9, 0.95, 0.98]])
    elif arguments.what == "oneshot":
        sparsities = arguments.sparsities or [0.5, 0.8, 0.9]
        table(
            ["measure"] + [f"{100 * s:g} %" for s in sparsities],
            [[name] + [shown([fold.once(name, s)["float"] for fold in folds]) for s in sparsities]
             for name in ["input", "rms", "centred", "surgeon", "magnitude", "taylor", "fisher", "random"]])
    else:
        # 250 n + 2 n^2 + 12 n weights are as many as are left of 494,424.
        rows = []
        for s in arguments.sparsities or [0.9, 0.95, 0.98]:
            left = (1 - s) * 494_424
            width = round((-262 + math.sqrt(262 ** 2 + 8 * left)) / 4)
            rows.append((f"large, {100 * s:g} % pruned", lambda fold, s=s: fold.pruned(s)))
            rows.append((
                f"dense, {width} wide",
                lambda fold, width=width: fold.again(f"wide{width}", start=small(width))))
        compared(folds, rows)


main()
