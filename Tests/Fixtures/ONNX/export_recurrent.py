# SPDX-License-Identifier: Apache-2.0
"""Writes the .onnx fixtures of recurrent networks: PyTorch's exporters, and ONNX's own forms.

Needs what export.py needs, and onnxruntime, which computes the outputs of those networks that
PyTorch cannot say:
    python3 export_recurrent.py
Weights are random; nothing here was trained.
"""
import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

from export import HERE, export


class LastStep(nn.Module):
    """An LSTM over [time][features], the last step's output, a dense layer."""
    shape = (9, 6)

    def __init__(self):
        super().__init__()
        self.r, self.l = nn.LSTM(6, 5, batch_first=True), nn.Linear(5, 3)

    def forward(self, x):
        return self.l(self.r(x)[0][:, -1])


class LastHidden(nn.Module):
    """Two GRUs; the last state of the second."""
    shape = (9, 6)

    def __init__(self):
        super().__init__()
        self.r, self.l = nn.GRU(6, 5, num_layers=2, batch_first=True), nn.Linear(5, 3)

    def forward(self, x):
        return self.l(self.r(x)[1][-1])


class BothHidden(nn.Module):
    """Two bidirectional LSTMs; both last states of the second, joined."""
    shape = (9, 6)

    def __init__(self):
        super().__init__()
        self.r, self.l = nn.LSTM(6, 5, num_layers=2, bidirectional=True), nn.Linear(10, 3)

    def forward(self, x):
        h = self.r(x.transpose(0, 1))[1][0]
        return self.l(torch.cat([h[-2], h[-1]], 1))


class Convolved(nn.Module):
    """A CRNN: convolution, rows of (channel, frequency), two bidirectional GRUs, all steps."""
    shape = (1, 21, 10)

    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 4, (5, 3), stride=(2, 2), padding=(2, 1))
        self.r = nn.GRU(20, 6, num_layers=2, bidirectional=True, batch_first=True)
        self.l = nn.Linear(132, 3)

    def forward(self, x):
        x = torch.relu(self.c(x)).permute(0, 2, 1, 3)
        x = x.reshape(x.size(0), x.size(1), -1)
        return self.l(torch.relu(self.r(x)[0]).flatten(1))


class LastOfBoth(nn.Module):
    """A bidirectional LSTM without biases; the output at the last frame, of the backward half its
    first step."""
    shape = (9, 6)

    def __init__(self):
        super().__init__()
        self.r = nn.LSTM(6, 5, bidirectional=True, batch_first=True, bias=False)
        self.l = nn.Linear(10, 3)

    def forward(self, x):
        return self.l(self.r(x)[0][:, -1, :])


def pure(name, operation, direction, last, peepholes=False, bias=True, **attributes):
    """One node of ONNX's own, its oracle onnxruntime."""
    steps, inputs, units = 7, 4, 3
    gates = 4 if operation == "LSTM" else 3
    directions = 2 if direction == "bidirectional" else 1
    random = np.random.default_rng(sum(map(ord, name)))

    def numbers(*shape):
        return random.uniform(-1, 1, shape).astype("<f4")

    tensors = {"W": numbers(directions, gates * units, inputs),
               "R": numbers(directions, gates * units, units)}
    if bias or peepholes:
        tensors["B"] = numbers(directions, 2 * gates * units)
    if peepholes:
        tensors["P"] = numbers(directions, 3 * units)
    names = ["x"] + list(tensors)
    if peepholes:
        names[4:4] = ["", "", ""]
    states = [directions, 1, units] if last else [steps, directions, 1, units]
    shape = [1, int(np.prod(states))]
    node = helper.make_node(
        operation, names, ["", "s"] if last else ["s"], hidden_size=units, direction=direction,
        **attributes)
    view = helper.make_node("Reshape", ["s", "shape"], ["y"])
    tensors["shape"] = np.array(shape, "<i8")
    turn = helper.make_node("Transpose", ["input"], ["x"], perm=[1, 0, 2])
    graph = helper.make_graph(
        [turn, node, view], name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, steps, inputs])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(array, key) for key, array in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    (HERE / f"{name}.onnx").write_bytes(data)
    x = 3 * numbers(1, steps, inputs)
    y = onnxruntime.InferenceSession(data).run(None, {"input": x})[0]
    np.concatenate([x.ravel(), y.ravel()]).astype("<f4").tofile(HERE / f"{name}.f32")


def main():
    torch.manual_seed(2)
    for number, kind in enumerate((LastStep, LastHidden, BothHidden, Convolved, LastOfBoth)):
        export(kind(), (17, 13, 21, 17, 14)[number], (18, 21)[number % 2])
    pure("LSTMPeepholes", "LSTM", "bidirectional", False, peepholes=True)
    pure("LSTMReverse", "LSTM", "reverse", True)
    pure("GRUBefore", "GRU", "bidirectional", True, linear_before_reset=0)
    pure("GRUAfter", "GRU", "reverse", False, linear_before_reset=1)
    pure("GRUClipped", "GRU", "forward", False, bias=False, activations=["Sigmoid", "Relu"],
         clip=20.0)


if __name__ == "__main__":
    main()
