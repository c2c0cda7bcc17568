// SPDX-License-Identifier: Apache-2.0
//
// Goal: the printed statistics are the textbook ones. Method: worked examples of the literature
// (Newcombe, Statistics in Medicine 17, 1998: 857-872 for single, 2635-2650 for paired proportions;
// Fagerland, Lydersen and Laake 2014 for the small paired one), and counts by hand.

import KWSEvaluate
import Testing

@Suite struct MetricTests {
    func near(_ a: ClosedRange<Double>, _ low: Double, _ high: Double) -> Bool {
        abs(a.lowerBound - low) < 5e-5 && abs(a.upperBound - high) < 5e-5
    }

    @Test func wilsonIsTheTextbooks() {
        #expect(near(Proportion(successes: 81, trials: 263).interval, 0.2553, 0.3662))
        #expect(near(Proportion(successes: 15, trials: 148).interval, 0.0624, 0.1605))
        #expect(near(Proportion(successes: 0, trials: 20).interval, 0, 0.1611))
        #expect(near(Proportion(successes: 1, trials: 29).interval, 0.0061, 0.1718))
        #expect(Proportion(successes: 0, trials: 0).interval == 0...1)
        #expect(Proportion(successes: 20, trials: 20).interval.upperBound == 1)
    }

    func comparison(_ both: Int, _ first: Int, _ second: Int, _ neither: Int) -> PairedComparison {
        var c = PairedComparison()
        for _ in 0..<both { c.add(truth: 0, first: 0, second: 0) }
        for _ in 0..<first { c.add(truth: 0, first: 0, second: 1) }
        for _ in 0..<second { c.add(truth: 0, first: 1, second: 0) }
        for _ in 0..<neither { c.add(truth: 0, first: 1, second: 2) }
        return c
    }

    @Test func pairedIntervalIsTheTextbooks() {
        let newcombe = comparison(20, 12, 2, 16)
        #expect(abs(newcombe.loss - 0.2) < 1e-12)
        #expect(near(newcombe.lossInterval, 0.0562, 0.3292))
        let hyperresponsive = comparison(1, 1, 7, 12)
        #expect(near(hyperresponsive.lossInterval, -0.5069, -0.0256))
        #expect(comparison(0, 0, 0, 0).lossInterval == -1...1)
    }

    @Test func flipsAreCountedEachWay() {
        let c = comparison(5, 2, 1, 3)
        #expect((c.trials, c.firstOnly, c.secondOnly) == (11, 2, 1))
        #expect(c.agreeing == 5)
        var same = PairedComparison()
        same.add(truth: 0, first: 1, second: 1)
        #expect(same.agreement == 1 && same.neither == 1)
    }

    @Test func confusionCountsByTruth() {
        var matrix = ConfusionMatrix(classes: ["a", "b", "silence"])
        for (truth, chosen) in [(0, 0), (0, 1), (1, 1), (2, 2), (2, 2), (2, 0)] {
            matrix.add(truth: truth, chosen: chosen)
        }
        #expect(matrix.counts == [[1, 1, 0], [0, 1, 0], [1, 0, 2]])
        #expect(matrix.accuracy() == Proportion(successes: 4, trials: 6))
        #expect(matrix.accuracy(leaving: 2) == Proportion(successes: 2, trials: 3))
    }

    @Test func parallelWorkKeepsItsOrder() throws {
        for cores in [1, 2, 7] {
            let squares = try Parallel.map(100, cores: cores) { $0 * $0 }
            #expect(squares == (0..<100).map { $0 * $0 })
            #expect(throws: EvaluationError(.failure, "13", "")) {
                _ = try Parallel.map(100, cores: cores) { i throws(EvaluationError) -> Int in
                    if i >= 13 { throw EvaluationError(.failure, "\(i)", "") }
                    return i
                }
            }
        }
        #expect(try Parallel.map(0) { $0 } == [])
    }
}
