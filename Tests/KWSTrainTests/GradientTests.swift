// SPDX-License-Identifier: Apache-2.0
//
// Goal: every layer computes its operator and the gradients of its inputs and parameters.
// Method: a network in doubles by plain loops as oracle, its central differences for gradients, for
// each operator alone in shapes with odd tails and for random networks, on one to four threads.

import KWSGraph
import KWSNumerics
import KWSTestModels
import KWSTrain
import Testing

struct GradientTests {
    /// An operator on an input of some shape; the numbers of its parameters are drawn.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var shape: Shape
        /// Longest sum: rows of a batch of 3, or patch length.
        var terms: Int
        var operation: @Sendable (inout RandomGraphs) -> FloatOperator

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "dense", shape: [2, 3, 5], terms: 30) { random in
            .dense(weights: random.numbers(7 * 30), bias: random.numbers(7))
        },
        Case(name: "pointwise convolution", shape: [5, 3, 33], terms: 45) { random in
            .convolution(
                Window(kernel: (1, 1)), weights: random.numbers(9 * 33), bias: random.numbers(9))
        },
        Case(name: "strided pointwise convolution", shape: [5, 4, 3], terms: 18) { random in
            .convolution(
                Window(kernel: (1, 1), stride: (2, 2)), weights: random.numbers(4 * 3),
                bias: random.numbers(4))
        },
        Case(name: "convolution of one channel", shape: [9, 5, 1], terms: 60) { random in
            .convolution(
                Window(kernel: (4, 3), stride: (2, 2), padding: (1, 2, 1, 1)),
                weights: random.numbers(10 * 12), bias: random.numbers(10))
        },
        Case(name: "convolution padded wider than its input", shape: [2, 1, 3], terms: 90) {
            random in
            .convolution(
                Window(kernel: (2, 5), padding: (1, 1, 4, 4)), weights: random.numbers(3 * 30),
                bias: random.numbers(3))
        },
        Case(name: "depthwise", shape: [6, 5, 41], terms: 90) { random in
            .depthwise(
                Window(kernel: (3, 3), padding: (1, 1, 1, 1)), weights: random.numbers(9 * 41),
                bias: random.numbers(41))
        },
        Case(name: "strided depthwise of multiplier 3", shape: [7, 5, 5], terms: 50) { random in
            .depthwise(
                Window(kernel: (3, 2), stride: (2, 1), padding: (0, 1, 1, 0)),
                weights: random.numbers(6 * 15), bias: random.numbers(15))
        },
        Case(name: "batch norm", shape: [4, 5, 11], terms: 60) { random in
            .batchNorm(
                BatchNorm(
                    gamma: random.numbers(11, 0.5...2), beta: random.numbers(11),
                    mean: random.numbers(11), variance: random.numbers(11, 0.2...2),
                    epsilon: 1e-3))
        },
        Case(name: "affine", shape: [4, 5, 9], terms: 60) { random in
            .affine(scale: random.numbers(9), offset: random.numbers(9))
        },
        Case(name: "ReLU", shape: [4, 5], terms: 1) { _ in .clip(lower: 0, upper: .infinity) },
        Case(name: "clip", shape: [4, 5], terms: 1) { _ in .clip(lower: -0.5, upper: 0.25) },
        Case(name: "max pool", shape: [7, 6, 10], terms: 9) { _ in
            .maxPool(Window(kernel: (3, 2), stride: (2, 1), padding: (1, 1, 1, 0)))
        },
        Case(name: "average pool", shape: [7, 6, 40], terms: 9) { _ in
            .averagePool(Window(kernel: (3, 2), stride: (2, 1), padding: (1, 1, 1, 0)))
        },
        Case(name: "transpose", shape: [2, 3, 4], terms: 1) { _ in .transpose([2, 0, 1]) },
        Case(name: "reshape", shape: [2, 3, 4], terms: 1) { _ in .reshape([4, 6]) },
    ]

    @Test(arguments: cases, [1, 2, 4])
    func anOperatorAlone(of item: Case, threads: Int) throws {
        var numbers = RandomGraphs(seed: 5)
        var random = SplitMix64(seed: 6)
        for isLive in [false, true] {
            var graph = FloatGraph(name: item.name, inputShape: item.shape)
            try graph.append(item.operation(&numbers), name: item.name, inputs: [graph.input])
            var check = try GradientCheck(
                graph, samples: 3, threads: threads, isLive: isLive, random: &random)
            check.run(terms: item.terms, limit: 400, random: &random, "\(item.name)")
        }
    }

    /// A value with three readers, one of which reads it twice; a clip behind a norm; a
    /// concatenation along the first axis.
    @Test(arguments: [1, 2])
    func branches(threads: Int) throws {
        var numbers = RandomGraphs(seed: 8)
        var random = SplitMix64(seed: 9)
        var graph = FloatGraph(name: "branches", inputShape: [3, 2, 5])
        let norm = BatchNorm(
            gamma: numbers.numbers(5, 0.5...2), beta: numbers.numbers(5),
            mean: numbers.numbers(5), variance: numbers.numbers(5, 0.5...1), epsilon: 1e-3)
        let a = try graph.append(.batchNorm(norm), name: "norm", inputs: [graph.input])
        let b = try graph.append(.clip(lower: 0, upper: 1), name: "clip", inputs: [a])
        let c = try graph.append(.add, name: "twice", inputs: [b, b])
        let d = try graph.append(.add, name: "again", inputs: [c, b])
        try graph.append(.concatenate(axis: 0), name: "both", inputs: [d, b, graph.input])
        for isLive in [false, true] {
            var check = try GradientCheck(
                graph, samples: 4, threads: threads, isLive: isLive, random: &random)
            check.run(terms: 24, limit: 400, random: &random, "branches")
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func randomNetworks(seed: UInt64) throws {
        var graphs = RandomGraphs(seed: seed)
        var random = SplitMix64(seed: seed)
        for graph in [try graphs.network(), try graphs.chain()] {
            var logits = graph
            logits.bypass(graph.nodes.count - 1)
            var check = try GradientCheck(
                logits, samples: 3, threads: Int(seed % 3) + 1, isLive: seed % 2 == 0,
                random: &random)
            let rows = graph.values.map { $0.shape.elements }.max() ?? 0
            check.run(terms: min(200, 3 * rows), limit: 30, random: &random, "seed \(seed)")
        }
    }
}
