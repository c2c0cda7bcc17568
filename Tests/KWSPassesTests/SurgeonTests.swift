// SPDX-License-Identifier: Apache-2.0
//
// Goal: `surgeon` takes the weights whose loss the others can make up for best, and they do.
// Method: least errors over all that stay, by elimination in doubles, beside scores and weights.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct SurgeonTests {
    private static let (taps, outputs) = (6, 3)

    /// A dense layer, and inputs that have much in common.
    private static func layer() throws -> (graph: FloatGraph, inputs: [[Float]]) {
        var random = RandomGraphs(seed: 11)
        var graph = FloatGraph(name: "d", inputShape: [taps])
        try graph.append(
            .dense(weights: random.numbers(taps * outputs), bias: random.numbers(outputs)),
            name: "dense", inputs: [graph.input])
        let inputs = (0..<50).map { _ in
            let common = random.numbers(1)[0]
            return random.numbers(taps).map { 3 * common + $0 + 1 }
        }
        return (graph, inputs)
    }

    /// Covariance with 1 % of the mean variance on its diagonal.
    private static func covariance(_ inputs: [[Float]]) -> [[Double]] {
        var mean = Array(repeating: 0.0, count: taps)
        var result = Array(repeating: mean, count: taps)
        for input in inputs {
            for i in 0..<taps { mean[i] += Double(input[i]) / Double(inputs.count) }
        }
        for input in inputs {
            for i in 0..<taps {
                for j in 0..<taps {
                    let product = (Double(input[i]) - mean[i]) * (Double(input[j]) - mean[j])
                    result[i][j] += product / Double(inputs.count)
                }
            }
        }
        let variance = (0..<taps).reduce(0) { $0 + result[$1][$1] } / Double(taps)
        for i in 0..<taps { result[i][i] += 0.01 * variance }
        return result
    }

    /// The weights of least error where only some stay, and that error.
    private static func fitted(
        _ row: [Float], staying: [Int], _ h: [[Double]]
    ) -> (weights: [Double], error: Double) {
        // H_SS v = (H w)_S by elimination without pivots: the matrix is positive definite.
        func product(_ i: Int, _ numbers: [Double]) -> Double {
            var sum = 0.0
            for j in 0..<taps { sum += h[i][j] * numbers[j] }
            return sum
        }
        let wanted = row.map(Double.init)
        var rows = staying.map { i in staying.map { h[i][$0] } + [product(i, wanted)] }
        for i in staying.indices {
            let pivot = rows[i][i]
            rows[i] = rows[i].map { $0 / pivot }
            for j in staying.indices where j != i {
                let factor = rows[j][i]
                rows[j] = zip(rows[j], rows[i]).map { $0 - factor * $1 }
            }
        }
        var weights = Array(repeating: 0.0, count: taps)
        for (i, place) in staying.enumerated() { weights[place] = rows[i].last ?? 0 }
        let rest = zip(wanted, weights).map { $0 - $1 }
        var error = 0.0
        for i in 0..<taps { error += rest[i] * product(i, rest) }
        return (weights, error)
    }

    /// The smallest eigenvalue is 1 % of the mean variance at least and the largest `taps` times it,
    /// so a rounding of 2^-24 grows by 600 at most, in each of six removals: below 2^-11.
    private static let tolerance = 0x1p-11

    @Test func scoresAreTheErrorsOfTheBestRemovals() throws {
        let (graph, inputs) = try Self.layer()
        let layer = try #require(graph.prunable.first)
        let moments = InputMoments.ofPrunable(graph, inputs: inputs)
        let scores = SurgeonImportance().scores(
            PruningEvidence(matrix: layer, moments: moments[0]))
        let h = Self.covariance(inputs)
        for output in 0..<Self.outputs {
            let row = Array(layer.weights[output * Self.taps..<(output + 1) * Self.taps])
            var staying = Array(0..<Self.taps)
            var (error, worst) = (0.0, 0.0)
            while !staying.isEmpty {
                let ends = staying.map { gone in
                    (gone, Self.fitted(row, staying: staying.filter { $0 != gone }, h).error)
                }
                let least = try #require(ends.min { $0.1 < $1.1 })
                worst = max(worst, least.1 - error)
                error = least.1
                staying.removeAll { $0 == least.0 }
                let score = Double(scores[output * Self.taps + least.0])
                #expect(abs(score - worst.squareRoot()) < Self.tolerance * worst.squareRoot())
            }
        }
    }

    @Test func rowsThatDoLittleToTheLossGoFirst() throws {
        let (before, inputs) = try Self.layer()
        var graph = before
        // The first output's sum matters a thousand times as much as the others'.
        let square = (0..<Self.taps * Self.outputs).map { Float($0 < Self.taps ? 1e6 : 1) }
        let gradients = [WeightGradients(mean: square, square: square)]
        let settings = PruningSettings(
            sparsity: 1 - 1 / Double(Self.outputs), measure: .surgeon)
        let kept = try #require(
            Prune(settings, of: graph, on: inputs, gradients: gradients)(&graph)[0]?[.weights])
        #expect(kept == square.map { $0 > 1 })
    }

    @Test func whatStaysMakesUpForWhatGoes() throws {
        let (before, inputs) = try Self.layer()
        var graph = before
        let settings = PruningSettings(sparsity: 0.5, measure: .surgeon)
        let kept = try #require(Prune(settings, of: graph, on: inputs)(&graph)[0]?[.weights])
        #expect(kept.count { $0 } == Self.taps * Self.outputs / 2)
        let h = Self.covariance(inputs)
        let (old, new) = (try #require(before.prunable.first), try #require(graph.prunable.first))
        for output in 0..<Self.outputs {
            let range = output * Self.taps..<(output + 1) * Self.taps
            let staying = (0..<Self.taps).filter { kept[range.lowerBound + $0] }
            let best = Self.fitted(Array(old.weights[range]), staying: staying, h).weights
            for (weight, expected) in zip(new.weights[range], best) {
                #expect(abs(Double(weight) - expected) < Self.tolerance)
            }
        }
        // The mean of each sum is what it was: sums of seven floats below 2^5.
        func means(_ graph: FloatGraph) -> [Double] {
            var evaluator = FloatEvaluator(graph)
            var sums = Array(repeating: 0.0, count: Self.outputs)
            for input in inputs {
                evaluator.run(input)
                for (i, y) in evaluator[graph.output].enumerated() { sums[i] += Double(y) }
            }
            return sums.map { $0 / Double(inputs.count) }
        }
        for (mean, expected) in zip(means(graph), means(before)) {
            #expect(abs(mean - expected) < 7 * 0x1p-18)
        }
    }
}
