// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSTrain

/// A network in doubles by the plainest loops: the oracle of values, and by central differences of
/// gradients. It shares nothing with the layers but the graph and the order of parameters.
struct DoubleNetwork {
    let graph: FloatGraph
    let slices: [ParameterSlice]
    var parameters: [Double]
    /// The statistics of each batch norm are the batch's own.
    let isLive: Bool

    init(_ network: TrainableNetwork, _ graph: FloatGraph, isLive: Bool) {
        self.graph = graph
        self.isLive = isLive
        slices = network.parameters.slices
        parameters = network.parameters.values.map(Double.init)
    }

    /// The logits of a batch, sample by sample.
    func callAsFunction(_ batch: [[Double]]) -> [[Double]] {
        var values: [Int: [[Double]]] = [graph.input.index: batch]
        for (index, node) in graph.nodes.enumerated() {
            let inputs = node.inputs.compactMap { values[$0.index] }
            values[node.output.index] =
                if case .batchNorm(let norm) = node.operation {
                    normalise(inputs[0], norm, index)
                } else {
                    batch.indices.map { sample in
                        run(index, node, inputs.map { $0[sample] })
                    }
                }
        }
        return values[graph.output.index] ?? []
    }

    private func parameter(_ node: Int, _ role: ParameterSlice.Role) -> [Double]? {
        slices.first { $0.node == node && $0.role == role }.map { Array(parameters[$0.range]) }
    }

    private func run(_ index: Int, _ node: FloatGraph.Node, _ inputs: [[Double]]) -> [Double] {
        let x = inputs[0]
        let shape = graph.shape(of: node.inputs[0])
        let out = graph.shape(of: node.output)
        let (weights, bias) = (parameter(index, .weights) ?? [], parameter(index, .bias))
        switch node.operation {
        case .dense:
            return (0..<out.elements).map { o in
                x.indices.reduce(bias?[o] ?? 0) { $0 + x[$1] * weights[o * x.count + $1] }
            }
        case .convolution(let window, _, _):
            let channels = shape.image.channels
            return slide(window, shape, out) { o, pixels in
                pixels.reduce(bias?[o] ?? 0) { sum, at in
                    (0..<channels).reduce(sum) {
                        $0 + x[at.pixel * channels + $1]
                            * weights[(o * window.taps + at.tap) * channels + $1]
                    }
                }
            }
        case .depthwise(let window, _, _):
            let channels = shape.image.channels
            let outputs = out.image.channels
            return slide(window, shape, out) { o, pixels in
                pixels.reduce(bias?[o] ?? 0) {
                    $0 + x[$1.pixel * channels + o / (outputs / channels)]
                        * weights[$1.tap * outputs + o]
                }
            }
        case .maxPool(let window):
            return slide(window, shape, out) { o, pixels in
                pixels.map { x[$0.pixel * shape.image.channels + o] }.max() ?? 0
            }
        case .averagePool(let window):
            return slide(window, shape, out) { o, pixels in
                pixels.reduce(0) { $0 + x[$1.pixel * shape.image.channels + o] }
                    / Double(window.taps)
            }
        case .affine:
            let scale = parameter(index, .scale) ?? []
            let offset = parameter(index, .offset) ?? []
            return x.indices.map { x[$0] * scale[$0 % scale.count] + offset[$0 % scale.count] }
        case .clip(let lower, let upper):
            return x.map { min(max($0, Double(lower)), Double(upper)) }
        case .add:
            return zip(x, inputs[1]).map { $0 + $1 }
        case .concatenate(let axis):
            let runs = out.extents[..<axis].reduce(1, *)
            return (0..<runs).flatMap { run in
                inputs.flatMap { $0[run * ($0.count / runs)..<(run + 1) * ($0.count / runs)] }
            }
        case .transpose(let permutation):
            return transpose(x, shape, permutation)
        case .lstm(let lstm):
            return DoubleRecurrent(form: lstm.recurrence, parameter: { parameter(index, $0) })
                .lstm(x, outputs: lstm.outputs)
        case .gru(let gru):
            return DoubleRecurrent(form: gru.recurrence, parameter: { parameter(index, $0) })
                .gru(x, resetsAfter: gru.resetsAfter, candidate: gru.candidate)
        case .reshape, .softmax, .batchNorm:
            return x
        }
    }

    /// Calls `body` with each output channel and the taps inside the input of each output pixel.
    private func slide(
        _ window: Window, _ shape: Shape, _ out: Shape,
        _ body: (_ channel: Int, _ pixels: [(tap: Int, pixel: Int)]) -> Double
    ) -> [Double] {
        let (height, width, _) = shape.image
        var result: [Double] = []
        for row in 0..<out.image.height {
            for column in 0..<out.image.width {
                var pixels: [(tap: Int, pixel: Int)] = []
                for tap in 0..<window.taps {
                    let r = row * window.strideHeight + tap / window.kernelWidth - window.top
                    let c = column * window.strideWidth + tap % window.kernelWidth - window.left
                    if (0..<height).contains(r), (0..<width).contains(c) {
                        pixels.append((tap, r * width + c))
                    }
                }
                for o in 0..<out.image.channels { result.append(body(o, pixels)) }
            }
        }
        return result
    }

    private func transpose(_ x: [Double], _ shape: Shape, _ permutation: [Int]) -> [Double] {
        let to = permutation.map { shape.extents[$0] }
        return (0..<x.count).map { target in
            var rest = target
            var position = Array(repeating: 0, count: to.count)
            for axis in to.indices.reversed() {
                position[permutation[axis]] = rest % to[axis]
                rest /= to[axis]
            }
            return x[position.indices.reduce(0) { $0 * shape.extents[$1] + position[$1] }]
        }
    }

    private func normalise(_ batch: [[Double]], _ norm: BatchNorm, _ index: Int) -> [[Double]] {
        let gamma = parameter(index, .scale) ?? []
        let beta = parameter(index, .offset) ?? []
        let channels = gamma.count
        var mean = norm.mean.map(Double.init)
        var variance = norm.variance.map(Double.init)
        if isLive {
            for c in 0..<channels {
                let numbers = batch.flatMap { x in
                    stride(from: c, to: x.count, by: channels).map { x[$0] }
                }
                let count = Double(numbers.count)
                let middle = numbers.reduce(0, +) / count
                mean[c] = middle
                variance[c] =
                    numbers.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / count
            }
        }
        return batch.map { x in
            x.indices.map { i in
                let c = i % channels
                return (x[i] - mean[c]) / (variance[c] + Double(norm.epsilon)).squareRoot()
                    * gamma[c] + beta[c]
            }
        }
    }
}
