// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSNumerics
import KWSTrain

/// Small networks and data to learn.
enum ToyData {
    /// 2-8-2 with ReLU.
    static func perceptron() throws -> FloatGraph {
        var graph = FloatGraph(name: "perceptron", inputShape: [2])
        let hidden = try graph.append(
            .dense(weights: zeros(16), bias: zeros(8)), name: "hidden", inputs: [graph.input])
        let active = try graph.append(
            .clip(lower: 0, upper: .infinity), name: "relu", inputs: [hidden])
        let logits = try graph.append(
            .dense(weights: zeros(16), bias: zeros(2)), name: "out", inputs: [active])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    /// Convolution, batch norm, depthwise convolution, batch norm, mean, dense layer: 3 classes of
    /// 8x6 images.
    static func convolutional() throws -> FloatGraph {
        var graph = FloatGraph(name: "small", inputShape: [8, 6, 1])
        func active(_ value: ValueID, _ name: String) throws -> ValueID {
            let norm = BatchNorm(
                gamma: zeros(8), beta: zeros(8), mean: zeros(8),
                variance: [Float](repeating: 1, count: 8), epsilon: 1e-3)
            let normed = try graph.append(.batchNorm(norm), name: "\(name).bn", inputs: [value])
            return try graph.append(
                .clip(lower: 0, upper: .infinity), name: "\(name).relu", inputs: [normed])
        }
        let window = Window(kernel: (3, 3), padding: (1, 1, 1, 1))
        let conv = try graph.append(
            .convolution(window, weights: zeros(72), bias: zeros(8)), name: "conv",
            inputs: [graph.input])
        let depthwise = try graph.append(
            .depthwise(window, weights: zeros(72), bias: zeros(8)), name: "dw",
            inputs: [try active(conv, "conv")])
        let pooled = try graph.append(
            .averagePool(Window(kernel: (8, 6))), name: "pool",
            inputs: [try active(depthwise, "dw")])
        let logits = try graph.append(
            .dense(weights: zeros(24), bias: zeros(3)), name: "out", inputs: [pooled])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    /// The same without batch norms.
    static func folded() throws -> FloatGraph {
        var graph = try convolutional()
        for index in graph.nodes.indices.reversed() {
            if case .batchNorm = graph.nodes[index].operation { graph.bypass(index) }
        }
        return graph
    }

    /// Stripes along one axis, the other, or none, under noise.
    static func stripes(_ samples: Int, _ random: inout SplitMix64) -> Batch {
        var inputs: [Float] = []
        let labels = (0..<samples).map { $0 % 3 }
        for label in labels {
            for row in 0..<8 {
                for column in 0..<6 {
                    let stripe = label == 0 ? row % 2 : label == 1 ? column % 2 : 0
                    inputs.append(Float(stripe) + Float(random.uniform(-0.3...0.3)))
                }
            }
        }
        return Batch(inputs: inputs, labels: labels)
    }

    static func trainer(
        _ graph: FloatGraph, batch: Int, threads: Int, seed: UInt64 = 1,
        _ settings: Trainer.Settings
    ) throws -> Trainer {
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: batch, threads: threads))
        var random = SplitMix64(seed: seed)
        network.initialise(.heFanOut, random: &random)
        return Trainer(network, settings, random: random)
    }

    private static func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
}
