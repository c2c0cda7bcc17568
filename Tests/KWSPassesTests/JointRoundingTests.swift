// SPDX-License-Identifier: Apache-2.0
//
// Goal: where two parts of a sum know of each other, rounding their weights together changes the sum
// less than rounding each part by itself; where they do not, it is the same.
// Method: inputs of few taps and states of many that follow them, from a seed; the variance of the
// sum's error over these samples, computed from levels and scales.

import KWSPasses
import KWSTestModels
import Testing

struct JointRoundingTests {
    static let (inputs, states, rows) = (6, 40, 24)
    static let taps = inputs + states

    /// Slow inputs, and states that are mixtures of them and of noise.
    static let samples: [[Double]] = {
        var random = TestRandom(seed: 21)
        func noise(_ size: Double) -> Double { size * (Double(random.unit()) - 0.5) }
        let mixture = (0..<inputs * states).map { _ in noise(0.2) }
        var x = Array(repeating: 0.0, count: inputs)
        return (0..<1000).map { _ in
            let before = x
            x = x.map { 0.9 * $0 + noise(20) }
            let h = (0..<states).map { k in
                (0..<inputs).reduce(noise(0.5)) { $0 + mixture[k * inputs + $1] * before[$1] }
            }
            return x + h
        }
    }()

    static func covariance(_ samples: [[Double]]) -> [Double] {
        let count = Double(samples.count)
        let mean = (0..<taps).map { i in samples.reduce(0) { $0 + $1[i] } / count }
        return (0..<taps * taps).map { index in
            let (i, j) = (index / taps, index % taps)
            return samples.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / count
        }
    }

    static let weights: [(w: [Double], v: [Double])] = {
        var random = TestRandom(seed: 22)
        func numbers(_ count: Int) -> [Double] {
            (0..<count).map { _ in Double(random.unit()) - 0.5 }
        }
        return (0..<rows).map { _ in (numbers(inputs), numbers(states)) }
    }()

    /// The variance of the sum's error by a covariance, all rows together.
    static func error(_ rounding: JointRounding, _ h: [Double], bits: Int) -> Double {
        weights.reduce(0) { sum, row in
            let (first, second) = rounding(first: row.w, second: row.v, bits: bits)
            let rest =
                zip(row.w, first.levels).map { $0 - first.scale * $1 }
                + zip(row.v, second.levels).map { $0 - second.scale * $1 }
            return (0..<taps * taps).reduce(sum) {
                $0 + rest[$1 / taps] * h[$1] * rest[$1 % taps]
            }
        }
    }

    @Test(arguments: [4, 3, 2]) func togetherIsBetterThanApart(bits: Int) {
        let h = Self.covariance(Self.samples)
        let together = JointRounding(covariance: h, taps: Self.taps, first: Self.inputs)
        let apart = JointRounding(
            covariance: h, taps: Self.taps, first: Self.inputs, areApart: true)
        #expect(Self.error(together, h, bits: bits) < 0.5 * Self.error(apart, h, bits: bits))
    }

    /// With no covariance between the parts.
    @Test func strangersAreRoundedApart() {
        var h = Self.covariance(Self.samples)
        for i in 0..<Self.inputs {
            for k in Self.inputs..<Self.taps {
                h[i * Self.taps + k] = 0
                h[k * Self.taps + i] = 0
            }
        }
        let together = JointRounding(covariance: h, taps: Self.taps, first: Self.inputs)
        let apart = JointRounding(
            covariance: h, taps: Self.taps, first: Self.inputs, areApart: true)
        for row in Self.weights {
            let (a, b) = (
                together(first: row.w, second: row.v, bits: 4),
                apart(first: row.w, second: row.v, bits: 4)
            )
            #expect(a.first == b.first)
            #expect(a.second == b.second)
        }
    }

    @Test func prunedWeightsStayZero() {
        let rounding = JointRounding(
            covariance: Self.covariance(Self.samples), taps: Self.taps, first: Self.inputs)
        var row = Self.weights[0]
        row.w[2] = 0
        for k in 0..<Self.states where k % 3 == 0 { row.v[k] = 0 }
        let (first, second) = rounding(first: row.w, second: row.v, bits: 4)
        #expect(first.levels[2] == 0)
        #expect((0..<Self.states).allSatisfy { $0 % 3 != 0 || second.levels[$0] == 0 })
        #expect(second.levels.contains { $0 != 0 })
    }
}
