#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A DS-CNN of 25,000 parameters from scratch on Arabic Speech Commands: `kwsc train` beside PyTorch.

Goal: accuracy on six speakers that neither was trained on, float and through the C library.
Method: one recipe (`arabic_dscnn.recipe.json`), three seeds, the same network, start, augmentation,
optimiser and schedule in PyTorch, whose features NumPy makes from the recipe's front end.

    swift build -c release --product kwsc
    python3 Tests/Measurements/arabic_dscnn.py [--split test] [--seeds 3]

needs KWS_DATA, NumPy, soundfile and PyTorch; 15 minutes on two cores.
"""

import argparse
import csv
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile

import numpy as np
import soundfile
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KWSC = ROOT / ".build/release/kwsc"
RECIPE = HERE / "arabic_dscnn.recipe.json"
DATA = pathlib.Path(os.environ["KWS_DATA"])
SAMPLES = 16000


def clips(folder, split):
    with open(DATA / folder / "index.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    return [(soundfile.read(DATA / folder / row["path"], dtype="int16")[0], row["label"])
            for row in rows]


class FrontEnd:
    """The recipe's: MFCCs [clips][frames][coefficients] of clips [clips][samples]."""

    def __init__(self, d):
        bands, bins = d["bands"], d["fftPoints"] // 2 + 1
        self.d = d
        self.window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(d["frameSamples"]) / d["frameSamples"])
        mel = lambda hertz: 1127 * np.log1p(np.asarray(hertz, float) / 700)
        at = mel(np.linspace(0, SAMPLES / 2, bins))[:, None]
        edge = np.linspace(mel(bands["lowHertz"]), mel(bands["highHertz"]), bands["count"] + 2)
        low, mid, high = edge[:-2], edge[1:-1], edge[2:]
        self.bands = np.maximum(0, np.minimum((at - low) / (mid - low), (high - at) / (high - mid)))
        self.bands[0] = 0
        k, j = np.arange(d["coefficients"]), np.arange(bands["count"])[:, None]
        self.dct = np.sqrt(2 / bands["count"]) * np.cos(np.pi * k * (j + 0.5) / bands["count"])

    def __call__(self, x):
        d = self.d
        starts = d["hopSamples"] * np.arange(d["frameCount"])[:, None]
        frames = (x / 32768)[:, starts + np.arange(d["frameSamples"])] * self.window
        magnitude = np.abs(np.fft.rfft(frames, d["fftPoints"]))
        floor = d["logarithm"]["naturalOfMaximum"]
        return (np.log(np.maximum(magnitude @ self.bands, floor)) @ self.dct).astype(np.float32)


def augmented(pcm, a, noises, random):
    """What `Augmenter.clip` does, with other random numbers."""
    x = pcm.astype(float)
    factor = 1 + random.uniform(-a["speed"], a["speed"])
    x = np.interp(np.arange(int(len(x) / factor)) * factor, np.arange(len(x)), x)
    shift = round(random.uniform(-1, 1) * a["shiftMilliseconds"] * 16)
    place = np.zeros(SAMPLES)
    first, last = max(0, shift), min(SAMPLES, shift + len(x))
    place[first:last] = x[first - shift:last - shift]
    if random.random() < a["noise"]["probability"]:
        noise = noises[random.integers(len(noises))]
        start = random.integers(len(noise))
        noise = noise[(start + np.arange(SAMPLES)) % len(noise)]
        ratio = 10 ** (random.uniform(*a["noise"]["decibels"]) / 10)
        loud, quiet = np.mean(place ** 2), np.mean(noise ** 2)
        place += noise * (math.sqrt(loud / (ratio * max(quiet, 1))) if loud >= 1 else 1)
    gain = 10 ** (random.uniform(-a["gainDecibels"], a["gainDecibels"]) / 20)
    return np.clip(np.round(place * gain), -32768, 32767)


def network(classes):
    def block():
        return [nn.Conv2d(64, 64, 3, padding=1, groups=64), nn.BatchNorm2d(64), nn.ReLU(),
                nn.Conv2d(64, 64, 1), nn.BatchNorm2d(64), nn.ReLU()]

    net = nn.Sequential(
        nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), stride=2), nn.BatchNorm2d(64), nn.ReLU(),
        *[layer for _ in range(4) for layer in block()],
        nn.AvgPool2d((25, 5)), nn.Flatten(), nn.Linear(64, classes))
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return net


def torch_accuracy(recipe, split, seed):
    labels = recipe["description"]["labels"]
    front_end = FrontEnd(recipe["description"]["frontEnd"])
    train, test = clips("speech/arabic_sc", "train"), clips("speech/arabic_sc", split)
    noises = [x.astype(float) for x, _ in clips("noise", "train") if np.mean(x.astype(float) ** 2) >= 1]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net, batch, epochs = network(len(labels)), recipe["batch"], recipe["epochs"]
    steps = -(-len(train) // batch)
    warm, total = recipe["schedule"]["warmUpEpochs"] * steps, epochs * steps
    optimiser = torch.optim.SGD(
        net.parameters(), recipe["optimiser"]["rate"], momentum=0.9, nesterov=True,
        weight_decay=recipe["optimiser"]["weightDecay"])
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: (
        (step + 1) / warm if step < warm
        else 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))))
    loss = nn.CrossEntropyLoss(label_smoothing=recipe["labelSmoothing"])
    classes = torch.tensor([labels.index(label) for _, label in train])
    for _ in range(epochs):
        order = random.permutation(len(train))
        for first in range(0, len(order), batch):
            chosen = order[first:first + batch]
            pcm = np.stack([augmented(train[i][0], recipe["augmentation"], noises, random)
                            for i in chosen])
            optimiser.zero_grad()
            loss(net(torch.from_numpy(front_end(pcm))[:, None]), classes[chosen]).backward()
            optimiser.step()
            rate.step()
    net.eval()
    with torch.no_grad():
        scores = net(torch.from_numpy(front_end(np.stack([x for x, _ in test])))[:, None])
    return np.mean([labels[i] == label for i, (_, label) in zip(scores.argmax(1), test)])


def swift_accuracy(split, seed, folder):
    stem = f"{folder}/arabic"
    subprocess.run([KWSC, "train", RECIPE, "-o", stem, "--data", DATA, "--seed", str(seed)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    data = DATA / "speech/arabic_sc"
    report = json.loads(subprocess.run(
        [KWSC, "evaluate", f"{stem}.onnx", "--data", data, "--split", split, "--calibrate", data, "--json"],
        check=True, capture_output=True, text=True).stdout)
    return report["float"]["accuracy"], report["library"]["accuracy"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", default="test")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    recipe = json.loads(RECIPE.read_text())
    rows = []
    print("seed  kwsc float %  C library %  PyTorch %")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, arguments.seeds + 1):
            row = (*swift_accuracy(arguments.split, seed, folder),
                   torch_accuracy(recipe, arguments.split, seed))
            rows.append(row)
            print(f"{seed:4}  {100 * row[0]:12.2f}  {100 * row[1]:11.2f}  {100 * row[2]:9.2f}", flush=True)
    means = [100 * statistics.mean(column) for column in zip(*rows)]
    print(f"mean  {means[0]:12.2f}  {means[1]:11.2f}  {means[2]:9.2f}")


if __name__ == "__main__":
    main()
