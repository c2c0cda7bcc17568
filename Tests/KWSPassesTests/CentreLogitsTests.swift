// SPDX-License-Identifier: Apache-2.0
//
// Goal: what all logits share goes, and nothing else.
// Method: a dense layer before a softmax whose rows share a large part, and networks where the part
// must stay: another reader, no softmax, pruned weights. Scores: 1e-4, as in PassTests.

import KWSGraph
import KWSPasses
import Testing

struct CentreLogitsTests {
    private static let weights: [Float] = [11, 12, 13, 9, 9, 16]

    private static func graph(weights: [Float] = weights, endsInSoftmax: Bool = true) throws
        -> FloatGraph
    {
        var graph = FloatGraph(name: "net", inputShape: [3])
        let logits = try graph.append(
            .dense(weights: weights, bias: [5, 8]), name: "fc", inputs: [graph.input])
        if endsInSoftmax { try graph.append(.softmax, name: "softmax", inputs: [logits]) }
        return graph
    }

    private static func dense(_ graph: FloatGraph) -> (weights: [Float], bias: [Float])? {
        guard case .dense(let weights, let bias)? = graph.nodes.first?.operation else { return nil }
        return (weights, bias)
    }

    @Test func theMeanOverClassesGoes() throws {
        var graph = try Self.graph()
        var before = FloatEvaluator(graph)
        try run([CentreLogits()], on: &graph)
        let dense = try #require(Self.dense(graph))
        #expect(dense.weights == [1, 1.5, -1.5, -1, -1.5, 1.5])
        #expect(dense.bias == [-1.5, 1.5])
        var after = FloatEvaluator(graph)
        for input in [[0.5, -1, 0.25], [-3, 2, 1], [0, 0, 0]] as [[Float]] {
            for (x, y) in zip(before(input), after(input)) { #expect(abs(x - y) < 1e-4) }
        }
    }

    @Test func whatIsReadAsItIsStays() throws {
        let logits = try Self.graph(endsInSoftmax: false)
        let pruned = try Self.graph(weights: [11, 0, 13, 9, 9, 16])
        var read = try Self.graph()
        let relu = try read.append(
            .clip(lower: 0, upper: 6), name: "relu", inputs: [read.nodes[0].output])
        try read.append(.add, name: "sum", inputs: [read.nodes[1].output, relu])
        for graph in [logits, pruned, read] {
            var centred = graph
            try run([CentreLogits()], on: &centred)
            let (before, after) = try (
                #require(Self.dense(graph)), #require(Self.dense(centred))
            )
            #expect(before == after)
        }
    }
}
