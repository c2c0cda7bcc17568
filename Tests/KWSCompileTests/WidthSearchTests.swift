// SPDX-License-Identifier: Apache-2.0
//
// Goal: the width search sees what rounding a recurrent layer costs, and takes bits from the layers
// that bear it. Method: an LSTM, a GRU of each form and a dense layer on tones; weights of one layer
// that are on a grid of 2 bits already.

import KWSCompile
import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct WidthSearchTests {
    private enum Cell: CaseIterable {
        case lstm, projected, before, after
    }

    private static let units = 12
    private static let inputs = 6

    private static func operation(_ cell: Cell, _ random: inout TestRandom) -> FloatOperator {
        let recurrence = Recurrence(inputs: inputs, units: units, returnsSequence: false)
        let outputs = cell == .projected ? 5 : units
        let gates = [.lstm, .projected].contains(cell) ? LSTM.gates : GRU.gates
        func weights(_ count: Int) -> [Float] { (0..<count).map { _ in random.unit() } }
        let w = weights(gates * units * inputs)
        let u = weights(gates * units * outputs)
        let bias = weights(gates * units)
        if gates == LSTM.gates {
            return .lstm(
                LSTM(
                    recurrence, weights: w, recurrentWeights: u, bias: bias,
                    projection: cell == .projected ? weights(outputs * units) : nil))
        }
        return .gru(
            GRU(
                recurrence, weights: w, recurrentWeights: u, bias: bias,
                resetsAfter: cell == .after))
    }

    private static func graph(_ cell: Cell) throws -> (FloatGraph, [[Float]]) {
        var random = TestRandom(seed: 11)
        var graph = FloatGraph(name: "cell", inputShape: [8, inputs, 1])
        let states = try graph.append(
            operation(cell, &random), name: "cell", inputs: [graph.input])
        let outputs = graph.shape(of: states).elements
        let logits = try graph.append(
            .dense(
                weights: (0..<3 * outputs).map { _ in [-1, 0, 1].randomElement(using: &random)! },
                bias: [0, 0, 0]), name: "logits", inputs: [states])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        let inputs = (0..<12).map { _ in (0..<8 * Self.inputs).map { _ in 2 * random.unit() } }
        return (graph, inputs)
    }

    @Test(arguments: Cell.allCases)
    private func fewerBitsOfACellCostMore(cell: Cell) throws {
        let (graph, inputs) = try Self.graph(cell)
        let search = WidthSearch(graph, inputs: inputs)
        #expect(search.layers.map(\.name) == ["cell", "logits"])
        #expect(search.layers[0].weights == graph.nodes[0].operation.weightCount)
        let found = search.layers[0].divergence
        // 8, 4, 3 and 2 bits.
        #expect(found[0] > 0 && found[0] < 1e-3)
        #expect(found[0] < found[1] && found[1] < found[3])
        // Weights of -1, 0 and 1 lose nothing at 2 bits.
        #expect(search.layers[1].divergence[3] < found[1])
        let widths = try #require(search.widths(within: 7.9))
        #expect(try #require(widths["cell"]) == 8 && #require(widths["logits"]) < 8)
        #expect(search.widths(within: 2) == ["cell": 2, "logits": 2])
        #expect(search.widths(within: 1.9) == nil)
    }

    /// What the search takes a layer for is what the compiler makes of it.
    @Test func widthsOfCellsAreCompiled() throws {
        let (graph, inputs) = try Self.graph(.lstm)
        let quantised = try Quantise(
            calibration: Calibration(graph, inputs: inputs),
            input: InputQuantisation(features: inputs, hasFinePlane: false),
            widths: Widths(layers: ["cell": 3]))(graph)
        #expect(quantised.layers[0].weightBits == 3)
        guard case .recurrent(let cell) = quantised.layers[0].operation,
            case .lstm(let lstm) = graph.nodes[0].operation
        else { throw CellError.isNone }
        #expect(cell.weights.allSatisfy { (-4...3).contains($0) })
        #expect(cell.weights.count == lstm.weights.count + lstm.recurrentWeights.count)
    }

    private enum CellError: Error { case isNone }
}
