// SPDX-License-Identifier: Apache-2.0
//
// Goal: moments of a recurrent layer are those of what its matrices read: a row of the input beside
// the outputs of the step before, or what a reset gate leaves of them.
// Method: the layer's own outputs, put beside the rows in the order of its steps.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RecurrentMomentsTests {
    static let (steps, inputs, units) = (7, 3, 4)

    static func form(isBackward: Bool) -> Recurrence {
        Recurrence(inputs: inputs, units: units, isBackward: isBackward)
    }

    static func graph(_ operation: FloatOperator) throws -> FloatGraph {
        var graph = FloatGraph(name: "net", inputShape: [steps, inputs, 1])
        try graph.append(operation, name: "layer", inputs: [graph.input])
        return graph
    }

    static func lstm(isBackward: Bool, isProjected: Bool) -> LSTM {
        var random = RandomGraphs(seed: 31)
        let outputs = isProjected ? 2 : units
        return LSTM(
            form(isBackward: isBackward), weights: random.numbers(4 * units * inputs),
            recurrentWeights: random.numbers(4 * units * outputs), bias: random.numbers(4 * units),
            projection: isProjected ? random.numbers(outputs * units) : nil)
    }

    /// - Parameter reset: the bias of the reset gates.
    static func gru(isBackward: Bool, resetsAfter: Bool, reset: Float) -> GRU {
        var random = RandomGraphs(seed: 32)
        let bias =
            random.numbers(units) + Array(repeating: reset, count: units) + random.numbers(units)
        return GRU(
            form(isBackward: isBackward), weights: random.numbers(3 * units * inputs),
            recurrentWeights: random.numbers(3 * units * units), bias: bias,
            resetsAfter: resetsAfter)
    }

    static let samples: [[Float]] = {
        var random = RandomGraphs(seed: 33)
        return (0..<5).map { _ in random.numbers(steps * inputs) }
    }()

    /// A row of the input and the output before, for all steps.
    static func pairs(_ graph: FloatGraph, isBackward: Bool) -> [[Float]] {
        var evaluator = FloatEvaluator(graph)
        return samples.flatMap { sample in
            let output = evaluator(sample)
            let width = output.count / steps
            var before = Array(repeating: Float(0), count: width)
            return (0..<steps).map { step in
                let row = isBackward ? steps - 1 - step : step
                defer { before = Array(output[row * width..<(row + 1) * width]) }
                return Array(sample[row * inputs..<(row + 1) * inputs]) + before
            }
        }
    }

    /// Of a dense layer that reads these numbers.
    static func moments(_ pairs: [[Float]]) throws -> InputMoments {
        let taps = pairs[0].count
        var graph = FloatGraph(name: "net", inputShape: [taps])
        try graph.append(
            .dense(weights: Array(repeating: 1, count: taps), bias: [0]), name: "fc",
            inputs: [graph.input])
        var moments = try #require(InputMoments(graph.nodes[0], in: graph))
        for pair in pairs { moments.add(pair, set: 0) }
        return moments
    }

    static func found(_ graph: FloatGraph) throws -> RecurrentMoments {
        try #require(RecurrentMoments.of(graph, inputs: samples)[graph.output.index])
    }

    static func expectSame(_ a: InputMoments?, _ b: InputMoments) {
        #expect(a?.mean(of: 0, outputs: 1) == b.mean(of: 0, outputs: 1))
        #expect(a?.covariance(of: 0, outputs: 1) == b.covariance(of: 0, outputs: 1))
    }

    @Test(arguments: [false, true], [false, true])
    func gatesReadARowAndTheOutputBefore(isBackward: Bool, isProjected: Bool) throws {
        let graph = try Self.graph(
            .lstm(Self.lstm(isBackward: isBackward, isProjected: isProjected)))
        let found = try Self.found(graph)
        Self.expectSame(
            found.gates, try Self.moments(Self.pairs(graph, isBackward: isBackward)))
        #expect(found.candidate?.taps == nil)
        #expect(found.projection?.taps == (isProjected ? Self.units : nil))
    }

    /// A reset gate of sigmoid(100), which is 1 in float, leaves all of the state.
    @Test(arguments: [false, true]) func candidatesReadWhatTheResetLeaves(isBackward: Bool) throws {
        let graph = try Self.graph(
            .gru(Self.gru(isBackward: isBackward, resetsAfter: false, reset: 100)))
        let found = try Self.found(graph)
        let expected = try Self.moments(Self.pairs(graph, isBackward: isBackward))
        Self.expectSame(found.gates, expected)
        Self.expectSame(found.candidate, expected)
        let closing = try Self.found(
            Self.graph(.gru(Self.gru(isBackward: isBackward, resetsAfter: false, reset: -1))))
        #expect(
            closing.candidate?.covariance(of: 0, outputs: 1)
                != closing.gates?.covariance(of: 0, outputs: 1))
    }

    @Test func aResetAfterTheProductLeavesTheCandidateTheState() throws {
        let graph = try Self.graph(
            .gru(Self.gru(isBackward: false, resetsAfter: true, reset: -1)))
        let found = try Self.found(graph)
        Self.expectSame(found.gates, try Self.moments(Self.pairs(graph, isBackward: false)))
        #expect(found.candidate?.taps == nil)
    }

    /// Fine values lie beside those of the input alone, and a step of 3/16 gives them the variance
    /// (16 * 3/16)^2 / 12 = 3/4.
    @Test func aFinePlaneBelongsToTheInput() throws {
        let graph = try Self.graph(
            .gru(Self.gru(isBackward: false, resetsAfter: false, reset: 0)))
        let plain = try Self.found(graph)
        let fine = plain.withFinePlane(step: 3.0 / 16, inputs: Self.inputs)
        for (plain, fine) in [(plain.gates, fine.gates), (plain.candidate, fine.candidate)] {
            let (plain, fine) = (try #require(plain), try #require(fine))
            let places =
                (0..<Self.inputs).map { 2 * $0 } + (0..<Self.units).map { 2 * Self.inputs + $0 }
            #expect(fine.taps == plain.taps + Self.inputs)
            let (small, large) = (
                plain.covariance(of: 0, outputs: 1), fine.covariance(of: 0, outputs: 1)
            )
            for (i, a) in places.enumerated() {
                #expect(fine.mean(of: 0, outputs: 1)[a] == plain.mean(of: 0, outputs: 1)[i])
                for (j, b) in places.enumerated() {
                    #expect(large[a * fine.taps + b] == small[i * plain.taps + j])
                }
            }
            for i in 0..<Self.inputs {
                let row = large[(2 * i + 1) * fine.taps..<(2 * i + 2) * fine.taps]
                #expect(row.filter { $0 != 0 }.count == 1)
                // The product with the 35 samples and the quotient may round once each.
                #expect(abs(large[(2 * i + 1) * (fine.taps + 1)] - 0.75) <= 0.75 * 0x1p-51)
            }
        }
    }
}
