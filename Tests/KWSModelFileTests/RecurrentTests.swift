// SPDX-License-Identifier: Apache-2.0
// Goal: LSTM and GRU compute their equations in every form, know their shape and cost, and refuse
// numbers that do not fit.
// Method: random layers, units below, at and above whole vectors, against the equations unit by
// unit in double; errors by example.

import KWSGraph
import Testing

struct RecurrentTests {
    private func expected(_ operation: FloatOperator, _ x: [Float]) -> [Double] {
        switch operation {
        case .lstm(let lstm): PlainRecurrent.lstm(lstm, x)
        case .gru(let gru): PlainRecurrent.gru(gru, x)
        default: []
        }
    }

    @Test("Every form of LSTM and GRU", arguments: [1, 3, 8, 13])
    func forms(units: Int) throws {
        var random = Random(seed: UInt64(units))
        let shape: Shape = [9, 2, 3]
        let x = random.numbers(shape.elements)
        for operation in random.recurrentLayers(inputs: 6, units: units) {
            var graph = FloatGraph(name: "g", inputShape: shape)
            try graph.append(operation, name: "n", inputs: [graph.input])
            try graph.verify()
            var evaluator = FloatEvaluator(graph)
            // The second run must not see anything of the first.
            _ = evaluator(x.map { -$0 })
            // Gates and cells add roundings of 2^-24 to sums below 20 over nine steps; a state is
            // far from doubling any of them.
            let expected = PlainTensor(
                [graph.shape(of: graph.output).elements], doubles: expected(operation, x))
            #expect(expected.agrees(with: evaluator(x)), "\(graph.dump)")
        }
    }

    @Test("Shape, parameters and multiply-accumulates of the max-pooling LSTM (118k)")
    func cost() throws {
        var random = Random(seed: 1)
        var graph = FloatGraph(name: "g", inputShape: [5, 1, 420])
        let form = Recurrence(inputs: 420, units: 64)
        let lstm = random.lstm(form, peepholes: true, projected: 32)
        try graph.append(.lstm(lstm), name: "lstm", inputs: [graph.input])
        #expect(graph.shape(of: graph.output) == [5, 1, 32])
        #expect(graph.parameters == 4 * 64 * (420 + 32 + 1) + 3 * 64 + 64 * 32)
        #expect(graph.macs == 5 * (4 * 64 * 452 + 64 * 32))
        #expect(graph.dump.contains("LSTM 420 to 64 peepholes projection 32"))

        let backward = Recurrence(inputs: 4, units: 3, isBackward: true, returnsSequence: false)
        var other = FloatGraph(name: "g", inputShape: [5, 2, 2])
        try other.append(
            .gru(random.gru(backward, resetsAfter: true, recurrentBias: true)), name: "gru",
            inputs: [other.input])
        #expect(other.shape(of: other.output) == [3])
        #expect(other.parameters == 9 * (4 + 3 + 1) + 3)
        #expect(other.dump.contains("GRU 4 to 3 backward last reset after"))
    }

    @Test("Numbers that do not fit are refused, and the error names node and kind")
    func refusals() throws {
        var random = Random(seed: 2)
        let form = Recurrence(inputs: 4, units: 3)
        func fact(_ operation: FloatOperator, _ shape: Shape = [5, 1, 4]) -> String {
            var graph = FloatGraph(name: "g", inputShape: shape)
            do {
                try graph.append(operation, name: "n", inputs: [graph.input])
                return ""
            } catch {
                return error.description
            }
        }
        var lstm = random.lstm(form, peepholes: true, projected: 2)
        #expect(fact(.lstm(lstm)) == "")
        #expect(fact(.lstm(lstm), [5, 4]).contains("node 'n': reads shape 5x4, expected an image"))
        #expect(fact(.lstm(lstm), [5, 1, 5]).contains("of 4 numbers a row"))
        lstm.peepholes?.append(0)
        #expect(fact(.lstm(lstm)).contains("peephole of 10 numbers, expected 9"))
        lstm.peepholes = nil
        lstm.projection?.append(0)
        #expect(fact(.lstm(lstm)).contains("projection of 7 numbers, expected 6"))
        lstm.projection = []
        #expect(fact(.lstm(lstm)).contains("0 outputs"))

        var gru = random.gru(form, resetsAfter: true, recurrentBias: true)
        #expect(fact(.gru(gru)) == "")
        gru.resetsAfter = false
        #expect(fact(.gru(gru)).contains("belongs to the bias"))
        gru.recurrentBias = nil
        gru.recurrentWeights.removeLast()
        #expect(fact(.gru(gru)).contains("recurrent weight of 26 numbers, expected 27"))
        gru.recurrentWeights.append(.nan)
        var graph = FloatGraph(name: "g", inputShape: [5, 1, 4])
        try graph.append(.gru(gru), name: "n", inputs: [graph.input])
        #expect(throws: GraphError.self) { try graph.verify() }
    }
}
