// SPDX-License-Identifier: Apache-2.0
//
// Goal: every pass keeps the function that the graph computes.
// Method: random networks are evaluated in floats before and after; outputs are posteriors, so a
// tolerance of 1e-4 leaves room for the reassociation of a few thousand float operations with
// relative error 2^-24 each, and for nothing else.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct PassTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func standardPassesKeepTheFunction(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try random.network()
        var folded = graph
        try run(standardPasses, on: &folded)
        let input = random.numbers(graph.shape(of: graph.input).elements)
        var before = FloatEvaluator(graph)
        var after = FloatEvaluator(folded)
        for (x, y) in zip(before(input), after(input)) {
            #expect(abs(x - y) < 1e-4, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func nothingToFoldIsLeft(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        var graph = try random.network()
        try run(standardPasses, on: &graph)
        for node in graph.nodes {
            switch node.operation {
            case .batchNorm, .affine: Issue.record("\(node.name) is left, seed \(seed)")
            default: break
            }
        }
        let last = graph.nodes.dropLast().last
        if case .dense? = last?.operation, let input = last?.inputs[0],
            let producer = graph.producer(of: input)
        {
            if case .transpose = graph.nodes[producer].operation {
                Issue.record("the transpose before the dense layer is left, seed \(seed)")
            }
        }
    }

    @Test func aMatrixOfFeaturesTakesOverTheAxisOfItsReaders() throws {
        var graph = FloatGraph(name: "matrix", inputShape: [4, 3])
        let image = try graph.append(.reshape([4, 3, 1]), name: "image", inputs: [graph.input])
        try graph.append(
            .convolution(
                Window(kernel: (4, 3)), weights: Array(repeating: 1, count: 12), bias: [1]),
            name: "conv", inputs: [image])
        try run(standardPasses, on: &graph)
        #expect(graph.nodes.map(\.name) == ["conv"])
        #expect(graph.shape(of: graph.input) == [4, 3, 1])
    }

    @Test func batchNormFoldsIntoOneConvolution() throws {
        var graph = FloatGraph(name: "bn", inputShape: [3, 3, 1])
        let conv = try graph.append(
            .convolution(Window(kernel: (3, 3)), weights: Array(repeating: 1, count: 9), bias: [1]),
            name: "conv", inputs: [graph.input])
        try graph.append(
            .batchNorm(
                BatchNorm(gamma: [2], beta: [3], mean: [4], variance: [0.999], epsilon: 1e-3)),
            name: "bn", inputs: [conv])
        try run(standardPasses, on: &graph)
        #expect(graph.nodes.count == 1)
        guard case .convolution(_, let weights, let bias)? = graph.nodes.first?.operation else {
            Issue.record("no convolution is left")
            return
        }
        // gamma / sqrt(var + eps) = 2; (1 - 4) * 2 + 3 = -3.
        #expect(weights == Array(repeating: 2, count: 9))
        #expect(bias == [-3])
    }

    @Test func aPassThatBreaksTheGraphIsNamed() throws {
        struct Vandal: Pass {
            let name = "Vandal"
            func run(_ graph: inout FloatGraph) throws(GraphError) {
                graph.nodes.swapAt(0, 1)
            }
        }
        var random = RandomGraphs(seed: 1)
        var graph = try random.network()
        let error = #expect(throws: GraphError.self) { try run([Vandal()], on: &graph) }
        #expect(error?.description.contains("after pass Vandal") == true)
    }

    @Test func notANumberIsRefusedByName() throws {
        var graph = FloatGraph(name: "nan", inputShape: [2])
        try graph.append(
            .dense(weights: [1, .nan], bias: [0]), name: "fc1", inputs: [graph.input])
        let error = #expect(throws: GraphError.self) { try graph.verify() }
        #expect(error?.description == "node 'fc1': weight 1 is nan, must be finite")
    }

    /// ONNX files may have the features of a recurrent layer as a matrix, without an axis of 1.
    @Test func aMatrixOfFeaturesIsRows() throws {
        var random = RandomGraphs(seed: 8)
        var graph = FloatGraph(name: "net", inputShape: [4, 3])
        let halves = try [false, true].map { isBackward in
            let rows = try graph.append(
                .reshape([4, 1, 3]), name: "rows \(isBackward)", inputs: [graph.input])
            return try graph.append(
                .gru(
                    GRU(
                        Recurrence(
                            inputs: 3, units: 2, isBackward: isBackward, returnsSequence: false),
                        weights: random.numbers(18), recurrentWeights: random.numbers(12),
                        bias: random.numbers(6), resetsAfter: false)),
                name: "gru \(isBackward)", inputs: [rows])
        }
        try graph.append(.concatenate(axis: 0), name: "both", inputs: halves)
        let input = random.numbers(12)
        var before = FloatEvaluator(graph)
        let expected = before(input)
        try run(standardPasses, on: &graph)
        #expect(graph.nodes.map(\.operation.name) == ["GRU", "GRU", "concatenate"])
        #expect(graph.shape(of: graph.input) == [4, 1, 3])
        var after = FloatEvaluator(graph)
        #expect(after(input) == expected)
    }
}
