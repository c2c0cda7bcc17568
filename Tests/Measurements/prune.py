#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sets the smallest weights of a safetensors file's matrices [in][out] to 0, without retraining, to
measure what sparse tables cost:

    prune.py IN.safetensors OUT.safetensors FRACTION [SHAPE]

SHAPE 1 (default): single weights; 4: blocks of four outputs and one input, by the sum of their
magnitudes.
"""
import json
import struct
import sys

import numpy as np


def prune(w, fraction, shape):
    outputs = w.shape[1]
    filled = np.pad(np.abs(w), ((0, 0), (0, -outputs % shape)))
    score = filled.reshape(len(w), -1, shape).sum(axis=2)
    order = np.argsort(score, axis=None, kind="stable")
    keep = np.ones(score.size, bool)
    keep[order[:round(fraction * score.size)]] = False
    return w * np.repeat(keep.reshape(score.shape), shape, axis=1)[:, :outputs]


def main(source, target, fraction, shape="1"):
    with open(source, "rb") as f:
        size = struct.unpack("<Q", f.read(8))[0]
        text = f.read(size)
        data = bytearray(f.read())
    for name, t in json.loads(text).items():
        if name != "__metadata__" and len(t["shape"]) == 2:
            a, b = t["data_offsets"]
            w = np.frombuffer(data[a:b], "<f4").reshape(t["shape"])
            data[a:b] = prune(w, float(fraction), int(shape)).astype("<f4").tobytes()
    with open(target, "wb") as f:
        f.write(struct.pack("<Q", size) + text + data)


main(*sys.argv[1:])
