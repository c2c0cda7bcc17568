// SPDX-License-Identifier: Apache-2.0
//
// Goal: the weights of LSTM and GRU layers that matter least go, by what they read in all steps, and
// the biases of their gates take over what they added; blocks are those of the tables.
// Method: measures worked out weight by weight from the layer's own outputs, put beside the rows.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RecurrentPruningTests {
    private static let (inputs, units) = (RecurrentMomentsTests.inputs, RecurrentMomentsTests.units)

    /// What a matrix sums over in all steps of all samples.
    private struct Read {
        let role: WeightRole
        let windows: [[Float]]

        func mean(_ value: (Float) -> Double) -> [Double] {
            windows[0].indices.map { column in
                windows.reduce(0) { $0 + value($1[column]) } / Double(windows.count)
            }
        }
    }

    /// The layer's matrices, each with what it reads.
    private static func reads(_ graph: FloatGraph, isBackward: Bool) -> [Read] {
        let pairs = RecurrentMomentsTests.pairs(graph, isBackward: isBackward)
        return [
            Read(role: .weights, windows: pairs.map { Array($0[..<inputs]) }),
            Read(role: .recurrentWeights, windows: pairs.map { Array($0[inputs...]) }),
        ]
    }

    private static func lstm(isBackward: Bool) throws -> FloatGraph {
        try RecurrentMomentsTests.graph(
            .lstm(RecurrentMomentsTests.lstm(isBackward: isBackward, isProjected: false)))
    }

    private static func bias(_ graph: FloatGraph) -> [Float] {
        switch graph.nodes[0].operation {
        case .lstm(let lstm): lstm.bias
        case .gru(let gru): gru.bias
        default: []
        }
    }

    /// `|w| E|x|` of an LSTM's weights, input and output alike, compete.
    @Test(arguments: [false, true]) func theLeastImportantGo(isBackward: Bool) throws {
        var graph = try Self.lstm(isBackward: isBackward)
        let before = graph
        var scores: [(score: Double, role: WeightRole, index: Int)] = []
        for read in Self.reads(graph, isBackward: isBackward) {
            let weights = try #require(graph.nodes[0].operation.matrices[read.role])
            let means = read.mean { Double(abs($0)) }
            for (i, weight) in weights.enumerated() {
                scores.append(
                    (Double(abs(weight)) * means[i % means.count], read.role, i))
            }
        }
        let count = scores.count
        let kept = Prune(
            PruningSettings(sparsity: 0.75), of: graph, on: RecurrentMomentsTests.samples)(&graph)
        let expected = scores.sorted { $0.score < $1.score }.prefix(3 * count / 4)
        let after = graph.nodes[0].operation.matrices
        for (_, role, index) in expected {
            #expect(after[role]?[index] == 0 && kept[0]?[role]?[index] == false)
        }
        #expect(after.values.joined().count { $0 == 0 } == expected.count)
        // The gates' biases take over the means: sums of 7 products below 4, each rounded in doubles,
        // and a bias below 8 rounded once, to 2^-22.
        let old = before.nodes[0].operation.matrices
        var shifts = Array(repeating: 0.0, count: 4 * Self.units)
        for read in Self.reads(before, isBackward: isBackward) {
            for (column, mean) in read.mean({ Double($0) }).enumerated() {
                for row in shifts.indices {
                    let i = row * read.windows[0].count + column
                    let lost = (old[read.role]?[i] ?? 0) - (after[read.role]?[i] ?? 0)
                    shifts[row] += Double(lost) * mean
                }
            }
        }
        for (row, shift) in shifts.enumerated() {
            let moved = Double(Self.bias(graph)[row]) - Double(Self.bias(before)[row])
            #expect(abs(moved - shift) < 0x1p-20)
        }
        #expect(shifts.contains { abs($0) > 0.01 })
    }

    /// With the reset behind the product the output's share has a bias of its own.
    @Test func aCandidateBehindAResetHasTwoBiases() throws {
        var gru = RecurrentMomentsTests.gru(isBackward: false, resetsAfter: true, reset: 0)
        gru.recurrentBias = nil
        var graph = try RecurrentMomentsTests.graph(.gru(gru))
        let reads = Self.reads(graph, isBackward: false)
        Prune(
            PruningSettings(sparsity: 0.5, scope: .layer), of: graph,
            on: RecurrentMomentsTests.samples)(&graph)
        guard case .gru(let pruned) = graph.nodes[0].operation,
            let recurrentBias = pruned.recurrentBias
        else {
            Issue.record("no recurrent bias")
            return
        }
        for unit in 0..<Self.units {
            let row = 2 * Self.units + unit
            for (read, moved) in zip(
                reads,
                [
                    (gru.weights, pruned.weights, pruned.bias[row] - gru.bias[row]),
                    (gru.recurrentWeights, pruned.recurrentWeights, recurrentBias[unit]),
                ])
            {
                let means = read.mean { Double($0) }
                let shift = means.indices.reduce(0.0) { sum, column in
                    let i = row * means.count + column
                    return sum + Double(moved.0[i] - moved.1[i]) * means[column]
                }
                // As above.
                #expect(abs(Double(moved.2) - shift) < 0x1p-20)
            }
        }
        #expect(recurrentBias.contains { $0 != 0 })
    }

    /// What stays of a gate's row, over input and output, has the least error: the derivative of
    /// `(w - v)^T H (w - v)` by each weight that stays is 0.
    @Test func whatStaysMakesUpForInputAndOutput() throws {
        let before = try Self.lstm(isBackward: false)
        var graph = before
        let settings = PruningSettings(sparsity: 0.5, measure: .surgeon)
        Prune(settings, of: graph, on: RecurrentMomentsTests.samples)(&graph)
        let pairs = RecurrentMomentsTests.pairs(before, isBackward: false)
        let taps = Self.inputs + Self.units
        let moments = try RecurrentMomentsTests.moments(pairs)
        var h = moments.covariance(of: 0, outputs: 1)
        let variance = (0..<taps).reduce(0) { $0 + h[$1 * (taps + 1)] } / Double(taps)
        for i in 0..<taps { h[i * (taps + 1)] += 0.01 * variance }
        func row(_ graph: FloatGraph, _ row: Int) throws -> [Float] {
            let matrices = graph.nodes[0].operation.matrices
            let (w, r) = (
                try #require(matrices[.weights]), try #require(matrices[.recurrentWeights])
            )
            return Array(w[row * Self.inputs..<(row + 1) * Self.inputs])
                + Array(r[row * Self.units..<(row + 1) * Self.units])
        }
        var changed = 0
        for gate in 0..<4 * Self.units {
            let (w, v) = (try row(before, gate), try row(graph, gate))
            let lost = zip(w, v).map { Double($0) - Double($1) }
            for i in 0..<taps where v[i] != 0 {
                let slope = (0..<taps).reduce(0.0) { $0 + h[i * taps + $1] * lost[$1] }
                // Weights below 4 are rounded to 2^-23 of that, seven of them, times covariances below
                // 4: 7 * 2^-21 * 4.
                #expect(abs(slope) < 7 * 0x1p-19)
                changed += v[i] == w[i] ? 0 : 1
            }
        }
        #expect(changed > 20)
    }

    /// A projection has no bias: the mean of what it reads counts.
    @Test func aProjectionHasNoMeanToGiveAway() throws {
        var graph = try RecurrentMomentsTests.graph(
            .lstm(RecurrentMomentsTests.lstm(isBackward: false, isProjected: true)))
        let matrices = graph.prunable
        #expect(matrices.map(\.rows) == [4 * Self.units, 2])
        #expect(matrices.map(\.columns) == [Self.inputs + 2, Self.units])
        let statistics = InputStatistics.ofPrunable(graph, inputs: RecurrentMomentsTests.samples)
        let evidence = PruningEvidence(matrix: matrices[1], inputs: statistics[1])
        #expect(CentredImportance().scores(evidence) == RMSImportance().scores(evidence))
        for measure in ImportanceMeasure.allCases where !measure.needsGradients {
            var pruned = graph
            let settings = PruningSettings(sparsity: 0.5, measure: measure)
            Prune(settings, of: graph, on: RecurrentMomentsTests.samples)(&pruned)
            let zeros = pruned.prunable.map { $0.weights.count { $0 == 0 } }
            #expect(zeros[0] + zeros[1] == 44, "\(measure)")
            #expect(zeros[1] < 8, "\(measure)")
        }
        // The same without calibration.
        Prune(PruningSettings(sparsity: 0.5))(&graph)
        #expect(graph.prunable.flatMap(\.weights).count { $0 == 0 } == 44)
    }

    /// Blocks of four outputs in the order of the tables, and of inputs within one matrix.
    @Test(arguments: [(4, 1), (1, 2), (4, 3)])
    func blocksGoWhole(outputs: Int, inputs: Int) throws {
        var random = RandomGraphs(seed: 51)
        let units = 11
        let form = Recurrence(inputs: 5, units: units)
        for isLSTM in [true, false] {
            let operation: FloatOperator =
                isLSTM
                ? .lstm(
                    LSTM(
                        form, weights: random.numbers(4 * units * 5),
                        recurrentWeights: random.numbers(4 * units * units),
                        bias: random.numbers(4 * units)))
                : .gru(
                    GRU(
                        form, weights: random.numbers(3 * units * 5),
                        recurrentWeights: random.numbers(3 * units * units),
                        bias: random.numbers(3 * units), resetsAfter: false))
            var graph = FloatGraph(name: "net", inputShape: [3, 1, 5])
            try graph.append(operation, name: "layer", inputs: [graph.input])
            let shape = BlockShape(outputs: outputs, inputs: inputs)
            Prune(
                PruningSettings(sparsity: 0.7, measure: .magnitude, granularity: .blocks(shape)))(
                    &graph)
            let order = QuantRecurrence.rowOrder(isLSTM ? .lstm : .gru, units: units)
            // Rows that stand together in the tables: all of an LSTM, a gate of a GRU.
            let together = isLSTM ? order.count : units
            var count = 0
            for (role, columns) in [(WeightRole.weights, 5), (.recurrentWeights, units)] {
                let weights = try #require(graph.nodes[0].operation.matrices[role])
                var zeros: [[Int]: [Bool]] = [:]
                for (place, row) in order.enumerated() {
                    for column in 0..<columns {
                        let block = [
                            place / together, place % together / outputs, column / inputs,
                        ]
                        zeros[block, default: []].append(weights[row * columns + column] == 0)
                    }
                }
                for (block, flags) in zeros {
                    #expect(Set(flags).count == 1, "\(role) \(block)")
                }
                count += zeros.values.joined().count { $0 }
            }
            let most = Int((0.7 * Double(16 * order.count)).rounded())
            #expect(count <= most && count > most - outputs * inputs)
        }
    }

    @Test func whatIsLeftIsCounted() throws {
        var graph = try Self.lstm(isBackward: false)
        Prune(PruningSettings(sparsity: 0.5, measure: .magnitude))(&graph)
        let size = try PrunedSize(graph)
        let weights = 4 * Self.units * (Self.inputs + Self.units)
        #expect(size.nonZeros == weights / 2 && size.widths == [Self.units])
        let (macs, bytes) = (RecurrentMomentsTests.steps * weights / 2, weights + 16 * Self.units)
        #expect(size.macs == macs && size.bytes == bytes)
    }

    /// Zeros stay zeros where a gate's sum is rounded together, at every width.
    @Test(arguments: [8, 4, 3, 2]) func zerosAreCompiled(bits: Int) throws {
        for operation in [
            FloatOperator.lstm(RecurrentMomentsTests.lstm(isBackward: false, isProjected: true)),
            .gru(RecurrentMomentsTests.gru(isBackward: false, resetsAfter: false, reset: 0)),
            .gru(RecurrentMomentsTests.gru(isBackward: false, resetsAfter: true, reset: 0)),
        ] {
            var graph = try RecurrentMomentsTests.graph(operation)
            let samples = RecurrentMomentsTests.samples
            Prune(PruningSettings(sparsity: 0.6, measure: .surgeon), of: graph, on: samples)(&graph)
            var calibration = Calibration(
                ranges: graph.values.map { _ in (lower: -1, upper: 1) })
            calibration.recurrentMoments = RecurrentMoments.of(graph, inputs: samples)
            let input = InputQuantisation(
                Quantisation(lower: -1, upper: 1), hasFinePlane: false)
            let integers = try Quantise(
                calibration: calibration, input: input, widths: Widths(weights: bits))(graph)
            let layer = try #require(integers.layers.first)
            let all = graph.nodes[0].operation.matrices.values.joined()
            let zeros = all.count { $0 == 0 }
            #expect(zeros == Int((0.6 * Double(all.count)).rounded()))
            // Rounding may make more of them.
            #expect(layer.operation.weights.count { $0 == 0 } >= zeros)
            guard case .recurrent(let recurrence) = layer.operation else { continue }
            let cell: QuantRecurrence.Cell = recurrence.cell
            let order = QuantRecurrence.rowOrder(cell, units: Self.units)
            let weights = try #require(graph.nodes[0].operation.matrices[.weights])
            for (place, row) in order.enumerated() {
                for column in 0..<Self.inputs where weights[row * Self.inputs + column] == 0 {
                    #expect(recurrence.weights[place * Self.inputs + column] == 0)
                }
            }
        }
    }
}
