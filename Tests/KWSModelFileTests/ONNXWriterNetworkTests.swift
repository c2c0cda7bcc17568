// SPDX-License-Identifier: Apache-2.0
// Goal: whole networks survive being written as ONNX and read back.
// Method: two networks and random ones, written and read; logits against a bound on rounding.

import KWSGraph
import KWSModelFile
import KWSTestModels
import Testing

struct ONNXWriterNetworkTests {
    /// How far two results may differ that add the same products in different orders.
    ///
    /// Each computes `sum p_i (1 + e_i)` over the paths `i` from inputs to output, where `p_i` is
    /// the product of a path and `1 + e_i` of at most `n` factors in `1 - u...1 + u`, one for each
    /// rounding, `u = 2^-24`: `|e_i| <= n u / (1 - n u)` (Higham, Accuracy and Stability, lemma
    /// 3.1). `sum |p_i|` is what the graph gives with the magnitudes of all its numbers, rounded as
    /// often, hence `1 - 2 n u`. Clips around 0 and maxima stretch neither numbers nor differences.
    private func bounds(_ graph: FloatGraph, _ input: [Float]) -> [Float] {
        var magnitudes = graph
        var roundings = 0
        for (index, node) in graph.nodes.enumerated() {
            magnitudes.nodes[index].operation = node.operation.magnitudes
            let inputs = graph.shape(of: node.inputs[0])
            switch node.operation {
            case .convolution(let window, _, _): roundings += window.taps * inputs.image.channels
            case .depthwise(let window, _, _), .averagePool(let window): roundings += window.taps
            case .dense: roundings += inputs.elements
            default: break
            }
            // Product and bias, or the steps of a normalisation.
            roundings += 6
        }
        let unit = Float(roundings) * 0x1p-24
        var evaluator = FloatEvaluator(magnitudes)
        return evaluator(input.map(abs)).map { 2 * $0 * unit / (1 - 2 * unit) }
    }

    private func logits(_ graph: FloatGraph) -> FloatGraph {
        var graph = graph
        guard let last = graph.nodes.last, case .softmax = last.operation else { return graph }
        graph.output = last.inputs[0]
        graph.nodes.removeLast()
        return graph
    }

    private func expectSame(_ graph: FloatGraph, _ note: Comment) throws {
        var random = RandomGraphs(seed: 5)
        let read = try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph
        #expect(read.shape(of: read.output).elements == graph.shape(of: graph.output).elements)
        let (before, after) = (logits(graph), logits(read))
        let x = random.numbers(graph.shape(of: graph.input).elements)
        var first = FloatEvaluator(before)
        var second = FloatEvaluator(after)
        let (a, b, bound) = (first(x), second(x), bounds(before, x))
        #expect(zip(zip(a, b), bound).allSatisfy { abs($0.0 - $0.1) <= $1 }, note)
    }

    @Test("Random networks with every operator", arguments: [UInt64](0..<40))
    func random(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        try expectSame(try random.network(), "network, seed \(seed)")
        try expectSame(try random.chain(), "chain, seed \(seed)")
    }

    @Test("A depthwise separable network is read back layer by layer, and to the bit")
    func separable() throws {
        var random = RandomGraphs(seed: 6)
        var graph = FloatGraph(name: "separable", inputShape: [25, 10, 1])
        func append(_ operation: FloatOperator, _ name: String) throws {
            try graph.append(operation, name: name, inputs: [graph.output])
        }
        func normalised(_ name: String) throws {
            try append(
                .batchNorm(
                    BatchNorm(
                        gamma: random.numbers(8, 0.5...2), beta: random.numbers(8),
                        mean: random.numbers(8), variance: random.numbers(8, 0.2...2),
                        epsilon: 1e-3)), "\(name).norm")
            try append(.clip(lower: 0, upper: .infinity), "\(name).relu")
        }
        try append(
            .convolution(
                Window(kernel: (10, 4), stride: (2, 2), padding: (5, 4, 1, 1)),
                weights: random.numbers(8 * 40), bias: random.numbers(8)), "conv")
        try normalised("conv")
        for block in 1...2 {
            try append(
                .depthwise(
                    Window(kernel: (3, 3), padding: (1, 1, 1, 1)), weights: random.numbers(72),
                    bias: random.numbers(8)), "dw\(block)")
            try normalised("dw\(block)")
            try append(
                .convolution(
                    Window(kernel: (1, 1)), weights: random.numbers(64), bias: random.numbers(8)),
                "pw\(block)")
            try normalised("pw\(block)")
        }
        let (height, width, _) = graph.shape(of: graph.output).image
        try append(.averagePool(Window(kernel: (height, width))), "mean")
        try append(.reshape([8]), "flat")
        try append(.dense(weights: random.numbers(32), bias: random.numbers(4)), "dense")
        try append(.softmax, "softmax")

        let read = try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph
        func layers(_ graph: FloatGraph) -> [String] {
            graph.nodes.filter { $0.operation.name != "reshape" }.map {
                "\($0.name): \($0.operation.name)"
            }
        }
        #expect(layers(read) == layers(graph))
        let x = random.numbers(250)
        var before = FloatEvaluator(graph)
        var after = FloatEvaluator(read)
        #expect(before(x) == after(x))
    }

    @Test("Branches that meet in a sum and a concatenation, flattened into a dense layer")
    func branches() throws {
        var random = RandomGraphs(seed: 7)
        var graph = FloatGraph(name: "branches", inputShape: [12, 3])
        let image = try graph.append(.reshape([12, 1, 3]), name: "image", inputs: [graph.input])
        let pixel = Window(kernel: (1, 1))
        let wide = Window(kernel: (3, 1), padding: (2, 0, 0, 0))
        let a = try graph.append(
            .convolution(wide, weights: random.numbers(4 * 9), bias: random.numbers(4)),
            name: "a", inputs: [image])
        let b = try graph.append(
            .convolution(pixel, weights: random.numbers(12), bias: random.numbers(4)),
            name: "b", inputs: [image])
        let sum = try graph.append(.add, name: "sum", inputs: [a, b])
        let both = try graph.append(
            .concatenate(axis: 2), name: "both", inputs: [sum, image, a])
        let pool = try graph.append(
            .averagePool(Window(kernel: (2, 1), stride: (2, 1))), name: "pool", inputs: [both])
        let flat = try graph.append(.reshape([66]), name: "flat", inputs: [pool])
        try graph.append(
            .dense(weights: random.numbers(66 * 5), bias: random.numbers(5)), name: "dense",
            inputs: [flat])
        try expectSame(graph, "branches")
    }
}

extension FloatOperator {
    /// The operator with its numbers' magnitudes; clips let all pass.
    fileprivate var magnitudes: FloatOperator {
        func positive(_ numbers: [Float]) -> [Float] { numbers.map(abs) }
        switch self {
        case .convolution(let window, let weights, let bias):
            return .convolution(window, weights: positive(weights), bias: positive(bias))
        case .depthwise(let window, let weights, let bias):
            return .depthwise(window, weights: positive(weights), bias: positive(bias))
        case .dense(let weights, let bias):
            return .dense(weights: positive(weights), bias: positive(bias))
        case .batchNorm(var norm):
            norm.gamma = positive(norm.gamma)
            norm.beta = positive(norm.beta)
            norm.mean = norm.mean.map { -abs($0) }
            return .batchNorm(norm)
        case .affine(let scale, let offset):
            return .affine(scale: positive(scale), offset: positive(offset))
        case .clip: return .clip(lower: -.infinity, upper: .infinity)
        default: return self
        }
    }
}
