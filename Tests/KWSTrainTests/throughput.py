#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Goal: how fast KWSTrain trains the MLPerf Tiny DS-CNN beside eager PyTorch, on this machine now.
# Method: forward, backward and update of batches of 100 on random numbers, Swift and PyTorch (both
# memory layouts) in turns of some seconds, so that a busy machine slows all alike; medians. On a
# machine that others use too, trust the work of one thread: waiting threads spin.
#
#   swift build -c release --product TrainingSpeed
#   python3 Tests/KWSTrainTests/throughput.py [--turns 5] [--threads 2]

import argparse
import pathlib
import statistics
import subprocess
import time

import torch
from torch import nn

BATCH, CLASSES = 100, 12


def ds_cnn():
    """The network of TrainingSpeed: 49x10 features, 64 channels, asymmetric TensorFlow padding."""
    def block(c):
        return [
            nn.Conv2d(c, c, 3, padding=1, groups=c, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
        ]

    first = [
        nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), stride=2, bias=False),
        nn.BatchNorm2d(64), nn.ReLU(),
    ]
    blocks = [layer for _ in range(4) for layer in block(64)]
    return nn.Sequential(*first, *blocks, nn.AvgPool2d((25, 5)), nn.Flatten(), nn.Linear(64, CLASSES))


class Torch:
    def __init__(self, memory_format):
        torch.manual_seed(1)
        self.model = ds_cnn().to(memory_format=memory_format).train()
        self.optimiser = torch.optim.SGD(
            self.model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-4)
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.1)
        self.inputs = torch.rand(BATCH, 1, 49, 10).contiguous(memory_format=memory_format) * 2 - 1
        self.labels = torch.arange(BATCH) % CLASSES
        self.run(3)

    def step(self):
        self.optimiser.zero_grad(set_to_none=True)
        self.loss(self.model(self.inputs), self.labels).backward()
        self.optimiser.step()

    def run(self, steps):
        start, work = time.perf_counter(), time.process_time()
        for _ in range(steps):
            self.step()
        return (time.perf_counter() - start) / steps, (time.process_time() - work) / steps


def swift(tool, threads, steps):
    """Seconds a step, and seconds of all cores' work, as the tool prints them."""
    text = subprocess.run(
        [tool, str(threads), str(steps)], check=True, capture_output=True, text=True).stdout
    return tuple(float(word) for word in text.split())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument("--tool", default=root / ".build/release/TrainingSpeed")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    runs = {"NCHW": Torch(torch.contiguous_format), "channels_last": Torch(torch.channels_last)}
    seconds = {"KWSTrain": [], **{name: [] for name in runs}}
    for _ in range(options.turns):
        seconds["KWSTrain"].append(swift(options.tool, options.threads, options.steps))
        for name, run in runs.items():
            seconds[name].append(run.run(options.steps))
    medians = {
        name: [statistics.median(column) for column in zip(*times)]
        for name, times in seconds.items()
    }
    for name, (wall, work) in medians.items():
        print(f"{name:14s} {1e3 * wall:8.2f} ms a step, {1e3 * work:8.2f} ms of work, "
              f"{BATCH / wall:6.0f} samples/s")
    for index, what in enumerate(["by the clock", "by work"]):
        best = min(medians[name][index] for name in runs)
        ratio = best / medians["KWSTrain"][index]
        print(f"KWSTrain is {ratio:.2f}x the best of PyTorch {torch.__version__} {what}")


if __name__ == "__main__":
    main()
