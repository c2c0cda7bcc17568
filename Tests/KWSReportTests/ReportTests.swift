// SPDX-License-Identifier: Apache-2.0
//
// Goal: the facts of a report are right. Method: small weights counted by hand; accuracies as made.

import Foundation
import KWSCompile
import KWSEmit
import KWSEvaluate
import KWSGraph
import KWSReport
import Testing

struct ReportTests {
    @Test func weightsAreCountedByLevel() {
        // Steps of 0.5 and 2 in two channels.
        let histogram = WeightHistogram(
            [-2, 0, 1, 0, 1, -1], bits: 2, float: [[-1.2, 0.1, 0.9], [0, 2, -2.1]],
            scales: [0.5, 2])
        #expect(histogram.levels == [1, 1, 2, 2])
        #expect(histogram.levelsUsed == 4)
        // 48 bins of 1/8 step from -3 on: -2.4, 0.2, 1.8, 0, 1, -1.05 steps.
        #expect(histogram.low == -3 && histogram.binWidth == 0.125)
        let filled = histogram.bins.indices.filter { histogram.bins[$0] > 0 }
        #expect(filled == [4, 15, 24, 25, 32, 38])
        #expect(histogram.bins.reduce(0, +) == 6)
    }

    @Test func whatLiesOutsideIsInTheOuterBins() {
        let histogram = WeightHistogram(
            [1, -2, 0], bits: 2, float: [[100, -100, 1e30]], scales: [1])
        #expect(histogram.bins.first == 1 && histogram.bins.last == 2)
        let none = WeightHistogram([1], bits: 8, float: nil, scales: [1])
        #expect(none.bins == [] && none.levels.count == 256 && none.levels[129] == 1)
        // A channel of zeros has no step.
        let zeros = WeightHistogram([0, 0], bits: 8, float: [[0, 0]], scales: [0])
        #expect(zeros.bins[32] == 2)
    }

    /// The float weights of the dense network are -5 ... 6 in rows of four; at 8 bits the largest of
    /// a row is near level 127 or -127: the rounding tries steps 1.25 to 0.8 times that. A step is what
    /// requantisation says (SPEC.md, section 4).
    @Test func stepsAreThoseOfTheOutputChannels() throws {
        let compiled = try Networks.compile(Networks.dense(named: "net"))
        let report = Report(compiled, calibration: nil)
        let graph = compiled.model.graph
        guard case .dense(weights: let levels, let step) = graph.layers[0].operation else {
            Issue.record("no dense layer")
            return
        }
        let weights = try #require(report.layers[0].weights)
        #expect(weights.count == 12 && weights.floatBytes == 4 * 15 && weights.bytes == 12)
        #expect(weights.zeros == 1 && weights.storedBits == 8)
        #expect(
            weights.histogram.levels
                == (-128..<128).map { level in levels.count { Int($0) == level } })
        // -5 ... -2, -1 ... 2, 3 ... 6, each by its row's step, in bins of 4 levels from -128 on.
        let ratio =
            graph.tensors[1].quantisation.scale / graph.input.quantisation.scale
            / Double(1 << (16 + step.shift))
        let bins = (0..<12).map { index in
            let row = Double(step.multipliers[index / 4]) * ratio
            #expect(abs([5.0, 2, 6][index / 4] / row / 127 - 1) < 0.26)
            return Int((((Double(index) - 5) / row + 128) / 4).rounded(.down))
        }
        #expect(weights.histogram.bins == (0..<64).map { bin in bins.count { $0 == bin } })
        #expect(report.sizes.tables == 12 + 3 * (2 + 4) + 2)
    }

    @Test func stagesAreThoseOfTheEvaluation() {
        let report = EvaluationReport(
            model: "m", classes: ["a", "b"], silence: 1, steps: ["prune"])
        let accuracy = Report.Accuracy(report, data: "set")
        #expect(
            accuracy.stages.map(\.name) == [
                "float", "features at 8 bits", "after prune", "integers, in the C library",
            ])
        #expect(accuracy.stages[0].againstFloat == nil)
        #expect(accuracy.stages.dropFirst().allSatisfy { $0.againstFloat != nil })
    }

    /// The dense network has levels in steps of 1: with 8 bits it hardly changes, with 2 it does.
    @Test func narrowingCosts() throws {
        let compilation = try Networks.compile(Networks.dense(named: "net"))
        let sensitivity = try #require(Sensitivity(compilation))
        #expect(sensitivity.layers.map(\.layer) == ["net"])
        let points = sensitivity.layers[0].points
        #expect(points.map(\.bits) == [8, 4, 3, 2])
        #expect(points.allSatisfy { $0.loss >= 0 })
        #expect(points[0].loss < points[3].loss)
    }
}
