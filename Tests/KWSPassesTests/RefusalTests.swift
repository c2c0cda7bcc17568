// SPDX-License-Identifier: Apache-2.0
//
// Goal: what has no integer form is refused by the node's name; clips keep their limits.
// Method: one small graph for each fact.

import KWSGraph
import KWSPasses
import Testing

struct RefusalTests {
    func quantise(
        _ shape: Shape, range: (lower: Float, upper: Float) = (-1, 1),
        _ build: (inout FloatGraph) throws -> Void
    ) throws -> QuantGraph {
        var graph = FloatGraph(name: "net", inputShape: shape)
        try build(&graph)
        return try Quantise(
            calibration: Calibration(ranges: graph.values.map { _ in range }), input: .unit)(graph)
    }

    func dense(_ graph: inout FloatGraph, outputs: Int = 2) throws -> ValueID {
        let inputs = graph.shape(of: graph.output).elements
        return try graph.append(
            .dense(
                weights: Array(repeating: 0.5, count: inputs * outputs),
                bias: Array(repeating: 0, count: outputs)), name: "fc", inputs: [graph.output])
    }

    @Test(arguments: [(1, 3), (-3, -1)] as [(Float, Float)])
    func clipsAwayFromZero(lower: Float, upper: Float) {
        let error = #expect(throws: GraphError.self) {
            try quantise([4]) { graph in
                let value = try dense(&graph)
                try graph.append(.clip(lower: lower, upper: upper), name: "clip", inputs: [value])
            }
        }
        #expect(error?.node == "fc" && error?.fact.contains("zero between") == true)
    }

    @Test func rangesThatOverflow() {
        let error = #expect(throws: GraphError.self) {
            try quantise([4], range: (-.infinity, 1)) { _ = try dense(&$0) }
        }
        #expect(error?.node == "fc")
    }

    @Test func extentsBeyondSixteenBits() {
        let error = #expect(throws: GraphError.self) {
            try quantise([1, 70_000, 1]) { graph in
                try graph.append(
                    .maxPool(Window(kernel: (1, 2))), name: "pool", inputs: [graph.input])
            }
        }
        #expect(error?.description.contains("65534") == true)
    }

    @Test func windowsThatBeginBehindTheInput() {
        let error = #expect(throws: GraphError.self) {
            try quantise([4, 4, 1]) { graph in
                try graph.append(
                    .convolution(
                        Window(kernel: (2, 2), padding: (3, 3, 3, 3)),
                        weights: [1, 1, 1, 1], bias: [0]), name: "conv", inputs: [graph.input])
            }
        }
        #expect(error?.node == "conv")
    }

    @Test func tooManyTapsAndTooManyClasses() {
        #expect(throws: GraphError.self) { try quantise([3, 50_000]) { _ = try dense(&$0) } }
        #expect(throws: GraphError.self) {
            try quantise([5000]) { graph in
                try graph.append(.softmax, name: "softmax", inputs: [graph.input])
            }
        }
    }

    @Test func aFinePlaneNeedsALayerThatCanReadIt() {
        var graph = FloatGraph(name: "net", inputShape: [4, 4, 1])
        #expect(throws: GraphError.self) {
            try graph.append(.maxPool(Window(kernel: (2, 2))), name: "pool", inputs: [graph.input])
            _ = try Quantise(
                calibration: Calibration(ranges: graph.values.map { _ in (-1, 1) }),
                input: InputQuantisation(
                    Quantisation(scale: 0.1, zeroPoint: 128), hasFinePlane: true))(graph)
        }
    }

    /// ReLU6 with a small range seen: the step may grow to 6/255, not beyond.
    @Test func widenedClipsEndWhereTheyShould() throws {
        let quantised = try quantise([2], range: (0, 0.001)) { graph in
            let value = try graph.append(
                .dense(weights: [3, 3], bias: [0]), name: "fc", inputs: [graph.output])
            try graph.append(.clip(lower: 0, upper: 6), name: "relu6", inputs: [value])
        }
        let y = quantised.output.quantisation
        #expect(y.zeroPoint == 0 && y.scale * 255 <= 6)
        #expect(quantised.layers.count == 1)
    }
}
