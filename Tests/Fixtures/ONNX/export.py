# SPDX-License-Identifier: Apache-2.0
"""Writes the .onnx fixtures of this folder with PyTorch's own exporters, old and new.

Needs torch, onnx and onnxscript (written with torch 2.13, onnx 1.23, onnxscript 0.7):
    python3 export.py
Beside each net's files lies NAME.f32: one random input and the output that PyTorch computes for
it, little-endian floats, one behind the other. Weights are random; nothing here was trained.
"""
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent


class Residual1D(nn.Module):
    """Conv1d, depthwise, a residual sum between both, global pool, squeeze."""
    shape = (12, 17)

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv1d(12, 8, 5, stride=2, padding=2), nn.BatchNorm1d(8)
        self.c, self.d = nn.Conv1d(8, 8, 5, padding=2, groups=8), nn.Conv1d(8, 8, 1)
        self.e, self.f = nn.BatchNorm1d(8), nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.b(self.a(x)))
        y = torch.relu(self.e(self.d(self.c(x)))) + x
        return self.f(F.adaptive_avg_pool1d(y, 1).squeeze(-1))


class Separable2D(nn.Module):
    """Conv2d, depthwise, ReLU6, Hardtanh, max pool, flatten over three real axes, softmax."""
    shape = (1, 21, 10)

    def __init__(self):
        super().__init__()
        self.s = nn.Sequential(
            nn.Conv2d(1, 4, (10, 4), stride=2, padding=(5, 1)), nn.BatchNorm2d(4), nn.ReLU6(),
            nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.Conv2d(4, 6, 1), nn.BatchNorm2d(6),
            nn.Hardtanh(-0.5, 2.0), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2))
        self.l = nn.Linear(60, 6)

    def forward(self, x):
        return torch.softmax(self.l(self.s(x)), -1)


class Branches(nn.Module):
    """Unsqueeze, two branches, concat, a batch norm that no convolution can take, mean."""
    shape = (15, 10)

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(1, 3, 3, padding=1)
        self.b = nn.Conv2d(1, 5, (5, 3), padding=(2, 1), bias=False)
        self.bn, self.p = nn.BatchNorm2d(8), nn.AvgPool2d(2)
        self.c, self.l = nn.Conv2d(8, 7, 3, stride=2), nn.Linear(7, 4)

    def forward(self, x):
        x = x.unsqueeze(1)
        x = self.p(torch.relu(self.bn(torch.cat([self.a(x), self.b(x)], 1))))
        return self.l(torch.relu(self.c(x)).mean(dim=(2, 3)))


class Transposed(nn.Module):
    """Normalised input [time][features], transposed into Conv1d, flattened by view."""
    shape = (15, 6)

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv1d(6, 8, 5), nn.Conv1d(8, 8, 3, groups=8, stride=2)
        self.l, self.m = nn.Linear(40, 8), nn.Linear(8, 4)

    def forward(self, x):
        x = ((x - 0.5) / 2.0).transpose(1, 2)
        x = torch.relu(self.b(torch.relu(self.a(x))))
        return self.m(torch.relu(self.l(x.view(x.size(0), -1))))


class Dense(nn.Module):
    """A stack of dense layers with batch norm."""
    shape = (9, 7)

    def __init__(self):
        super().__init__()
        self.l, self.b, self.m = nn.Linear(63, 12), nn.BatchNorm1d(12), nn.Linear(12, 7)

    def forward(self, x):
        return self.m(torch.relu(self.b(self.l(x.reshape(x.shape[0], -1)))))


class PerFrame(nn.Module):
    """A dense layer for each frame, then the mean over time."""
    shape = (25, 10)

    def __init__(self):
        super().__init__()
        self.l, self.m = nn.Linear(10, 12), nn.Linear(12, 5)

    def forward(self, x):
        return self.m(torch.relu(self.l(x)).mean(1))


class Padded(nn.Module):
    """ZeroPad2d, depthwise with multiplier, uneven max pool, permute, flatten."""
    shape = (1, 20, 15)

    def __init__(self):
        super().__init__()
        self.p, self.a = nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(1, 4, 3)
        self.d = nn.Conv2d(4, 8, (3, 1), groups=4, padding=(1, 0))
        self.m = nn.MaxPool2d((2, 3), stride=(2, 2), padding=(0, 1))
        self.c, self.l = nn.Conv2d(8, 1, 1), nn.Linear(9, 3)

    def forward(self, x):
        x = self.m(torch.relu(self.d(torch.relu(self.a(self.p(x))))))
        return self.l(self.c(x).squeeze(1).permute(0, 2, 1)).flatten(1)


class Scaled(nn.Module):
    """Constants along the channels, clamp, adaptive pool, view by computed sizes."""
    shape = (1, 14, 12)

    def __init__(self):
        super().__init__()
        self.a, self.bn = nn.Conv2d(1, 6, 3, stride=2, padding=1), nn.BatchNorm2d(6)
        self.g, self.f = nn.AdaptiveAvgPool2d(1), nn.Linear(6, 4)
        self.register_buffer("k", torch.randn(1, 6, 1, 1))

    def forward(self, x):
        x = (self.bn(self.a(x)) * self.k + 0.25).clamp(min=0)
        x = self.g(x)
        return torch.softmax(self.f(x.view(x.size(0), x.size(1))), dim=1)


def randomise(net):
    for layer in net.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.running_mean.normal_(0, 0.3)
            layer.running_var.uniform_(0.5, 2)
            with torch.no_grad():
                layer.weight.uniform_(-1, 1.5)
                layer.bias.normal_(0, 0.2)


def export(net, old, new):
    """One network by both exporters, and its input and output."""
    net.eval()
    path = HERE / type(net).__name__
    x = torch.randn(1, *net.shape)
    y = net(x).detach()
    np.concatenate([x.numpy().ravel(), y.numpy().ravel()]).astype("<f4").tofile(f"{path}.f32")
    names = dict(input_names=["input"], output_names=["output"])
    torch.onnx.export(
        net, (x,), f"{path}.legacy{old}.onnx", opset_version=old, dynamo=False,
        dynamic_axes={"input": {0: "batch"}}, **names)
    program = torch.onnx.export(net, (x,), opset_version=new, dynamo=True, verbose=False, **names)
    model = program.model_proto
    # What only debuggers read makes up most of a small file.
    del model.graph.value_info[:], model.graph.metadata_props[:]
    model.graph.doc_string = ""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    pathlib.Path(f"{path}.dynamo{new}.onnx").write_bytes(model.SerializeToString())


def main():
    torch.manual_seed(1)
    nets = (Residual1D, Separable2D, Branches, Transposed, Dense, PerFrame, Padded, Scaled)
    for number, kind in enumerate(nets):
        net = kind()
        randomise(net)
        export(net, (13, 17, 21)[number % 3], (18, 21)[number % 2])


if __name__ == "__main__":
    main()
