// SPDX-License-Identifier: Apache-2.0
//
// Goal: the right weights go, exactly so many, and biases take over what they added.
// Method: measures against numbers worked out by hand; masks of random networks counted and looked at
// block by block.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct PruningTests {
    /// Inputs (1, -3) and (3, 1): E x = (2, -1), E|x| = (2, 2), E x^2 = (5, 5), std x = (1, 2).
    private static var evidence: PruningEvidence {
        var inputs = InputStatistics(taps: 2)
        inputs.add([1, -3], set: 0)
        inputs.add([3, 1], set: 0)
        let matrix = PrunableMatrix(
            node: 0, weights: [1, -2, 0, 4], rows: 2, scales: [1, 0.5], makesOutput: false)
        let gradients = WeightGradients(mean: [3, -2, 5, 0.5], square: [2, 1, 9, 4])
        return PruningEvidence(matrix: matrix, inputs: inputs, gradients: gradients)
    }

    @Test(arguments: [
        (ImportanceMeasure.magnitude, [1, 2, 0, 2] as [Float]),
        (.input, [2, 4, 0, 4]),
        (.rms, [2.236_068, 4.472_136, 0, 4.472_136]),
        (.centred, [1, 4, 0, 4]),
        (.taylor, [3, 4, 0, 2]),
        (.fisher, [1, 2, 0, 32]),
    ])
    func measuresAreThoseWorkedOutByHand(measure: ImportanceMeasure, expected: [Float]) {
        let scores = measure.importance.scores(Self.evidence)
        // A root and two products, and seven digits above: four roundings of 2^-24 each.
        for (score, value) in zip(scores, expected) {
            #expect(abs(score - value) <= value * 0x1p-22)
        }
        #expect(scores.count == expected.count)
    }

    @Test func chanceHasItsSeedAndLeavesZerosAlone() {
        var evidence = Self.evidence
        let first = RandomImportance().scores(evidence)
        #expect(first == RandomImportance().scores(evidence))
        #expect(first[2] == 0 && first[0] > 0)
        evidence.seed = 2
        #expect(first != RandomImportance().scores(evidence))
    }

    @Test func statisticsOfAConvolutionCountPaddingAsZeros() throws {
        var graph = FloatGraph(name: "c", inputShape: [1, 3, 1])
        try graph.append(
            .convolution(
                Window(kernel: (1, 3), padding: (0, 0, 1, 1)), weights: [1, 1, 1], bias: [0]),
            name: "conv", inputs: [graph.input])
        let statistics = try #require(InputStatistics.ofPrunable(graph, inputs: [[1, -2, 4]])[0])
        // Windows (0, 1, -2), (1, -2, 4), (-2, 4, 0).
        #expect(statistics.mean == [-1.0 / 3, 1, 2.0 / 3])
        #expect(statistics.magnitude == [1, 7.0 / 3, 2])
    }

    /// 4 -> 8 -> 3 with ReLU.
    private static func perceptron(seed: UInt64) throws -> FloatGraph {
        var random = RandomGraphs(seed: seed)
        var graph = FloatGraph(name: "p", inputShape: [40])
        let hidden = try graph.append(
            .dense(weights: random.numbers(640), bias: random.numbers(16)), name: "h",
            inputs: [graph.input])
        let active = try graph.append(
            .clip(lower: 0, upper: .infinity), name: "relu", inputs: [hidden])
        try graph.append(
            .dense(weights: random.numbers(48), bias: random.numbers(3)), name: "o",
            inputs: [active])
        return graph
    }

    private static func weights(_ graph: FloatGraph) -> [[Float]] {
        graph.prunable.map(\.weights)
    }

    @Test(arguments: [0, 0.5, 0.9, 0.987], PruningScope.allCases)
    func asManyGoAsWereAskedFor(sparsity: Double, scope: PruningScope) throws {
        var graph = try Self.perceptron(seed: 3)
        let before = Self.weights(graph)
        let kept = Prune(
            PruningSettings(sparsity: sparsity, measure: .magnitude, scope: scope))(&graph)
        let after = Self.weights(graph)
        let zeros = after.map { $0.count { $0 == 0 } }
        switch scope {
        case .layer:
            #expect(zeros[0] == Int((640 * sparsity).rounded()))
            #expect(zeros[1] == min(47, Int((48 * sparsity).rounded())))
        case .global: #expect(zeros.reduce(0, +) == Int((688 * sparsity).rounded()))
        }
        for (layer, node) in [0, 2].enumerated() {
            let kept = try #require(kept[node]?[.weights])
            for i in kept.indices {
                #expect(after[layer][i] == (kept[i] ? before[layer][i] : 0))
            }
            // What stays is at least as large as what goes.
            let gone = zip(before[layer], kept).filter { !$0.1 }.map { abs($0.0) }.max() ?? 0
            #expect(zip(before[layer], kept).allSatisfy { !$0.1 || abs($0.0) >= gone })
        }
    }

    @Test func noLayerIsEmptied() throws {
        var graph = try Self.perceptron(seed: 5)
        // A layer whose weights all matter less than any of the other's by norm: one huge weight.
        if case .dense(var weights, let bias) = graph.nodes[0].operation {
            weights[7] = 1e6
            graph.nodes[0].operation = .dense(weights: weights, bias: bias)
        }
        Prune(PruningSettings(sparsity: 0.93, measure: .magnitude))(&graph)
        let left = Self.weights(graph).map { $0.count { $0 != 0 } }
        #expect(left == [7, 41])
    }

    @Test(arguments: [(1, 4), (2, 2), (4, 1), (1, 3)])
    func blocksGoWhole(outputs: Int, inputs: Int) throws {
        var graph = try Self.perceptron(seed: 7)
        Prune(
            PruningSettings(
                sparsity: 0.8, measure: .rms,
                granularity: .blocks(BlockShape(outputs: outputs, inputs: inputs))))(&graph)
        for (layer, columns) in zip(Self.weights(graph), [40, 16]) {
            var zeros: [Int: Int] = [:]
            var sizes: [Int: Int] = [:]
            for (i, weight) in layer.enumerated() {
                let block = i / columns / outputs * 1000 + i % columns / inputs
                sizes[block, default: 0] += 1
                if weight == 0 { zeros[block, default: 0] += 1 }
            }
            #expect(zeros.allSatisfy { $0.value == sizes[$0.key] })
        }
        let all = Self.weights(graph).joined()
        let gone = all.count { $0 == 0 }
        // A block more would be too many; odd ends may leave room for up to a block.
        #expect(gone <= 550 && gone > 550 - outputs * inputs)
    }

    @Test func unitsGoWholeAndOutputsStay() throws {
        var graph = try Self.perceptron(seed: 9)
        Prune(PruningSettings(sparsity: 0.5, measure: .magnitude, granularity: .units))(&graph)
        let weights = Self.weights(graph)
        let rows = (0..<16).map { row in weights[0][row * 40..<(row + 1) * 40].count { $0 == 0 } }
        #expect(rows.allSatisfy { $0 == 0 || $0 == 40 })
        // 344 of 688 weights, in units of 40.
        #expect(rows.count { $0 == 40 } == 8)
        #expect(weights[1].allSatisfy { $0 != 0 })
    }

    @Test func biasesTakeOverTheMean() throws {
        var graph = try Self.perceptron(seed: 11)
        var random = RandomGraphs(seed: 12)
        let inputs = (0..<50).map { _ in random.numbers(40, 0...1) }
        func mean(_ graph: FloatGraph) -> [Double] {
            var evaluator = FloatEvaluator(graph)
            var sums = Array(repeating: 0.0, count: 16)
            for input in inputs {
                evaluator.run(input)
                for (i, y) in evaluator[graph.nodes[0].output].enumerated() { sums[i] += Double(y) }
            }
            return sums.map { $0 / 50 }
        }
        let before = mean(graph)
        Prune(
            PruningSettings(sparsity: 0.9),
            inputs: InputStatistics.ofPrunable(graph, inputs: inputs))(&graph)
        // Sums of 41 terms below 1, and a bias rounded once: 41 * 41 * 2^-24 < 2e-4.
        for (x, y) in zip(before, mean(graph)) { #expect(abs(x - y) < 2e-4) }
        #expect(Self.weights(graph)[0].count { $0 == 0 } > 500)
    }

    @Test func theMeanOfABatchNormTakesOverTheShift() throws {
        var graph = FloatGraph(name: "bn", inputShape: [2])
        let dense = try graph.append(
            .dense(weights: [0.5, 2], bias: [0]), name: "d", inputs: [graph.input])
        let norm = BatchNorm(gamma: [3], beta: [0], mean: [1], variance: [4], epsilon: 0)
        try graph.append(.batchNorm(norm), name: "n", inputs: [dense])
        #expect(graph.prunable[0].scales == [1.5])
        Prune(
            PruningSettings(sparsity: 0.5),
            inputs: InputStatistics.ofPrunable(graph, inputs: [[4, 3], [8, 5]]))(&graph)
        guard case .dense(let weights, let bias) = graph.nodes[0].operation,
            case .batchNorm(let after) = graph.nodes[1].operation
        else {
            Issue.record("other nodes")
            return
        }
        // 0.5 * E x = 3.
        #expect(weights == [0, 2] && bias == [0] && after.mean == [-2])
    }
}
