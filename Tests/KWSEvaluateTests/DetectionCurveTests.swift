// SPDX-License-Identifier: Apache-2.0
//
// Goal: a curve says of every threshold what the library does with it. Method: the library itself at
// many thresholds; curves counted by hand; intervals against published ones.

import KWSEvaluate
import KWSNumerics
import KWSTestModels
import Testing

@Suite struct DetectionCurveTests {
    /// Loud and less loud at random, so that scores of all sizes come.
    private static func sound(seed: UInt64) -> [Int16] {
        var random = SplitMix64(seed: seed)
        return (0..<40).flatMap { _ in
            // 1 to 2^13 in powers of two.
            let size = 1 << random.below(14)
            return (0..<4000).map { _ in Int16(random.below(2 * size + 1) - size) }
        }
    }

    @Test func tracesSayWhatTheLibraryHears() throws {
        let block = try LoadedBlock(TestModel.loudness().block, name: "loudness")
        let open = try LoadedBlock(TestModel.loudness(lockoutHops: 0).block, name: "loudness")
        #expect(block.lockoutSamples == 25 * 320)
        var heardAtAll = Set<Int>()
        for seed in 1...5 as ClosedRange<UInt64> {
            let sound = Self.sound(seed: seed)
            let trace = try open.trace(of: "loud", in: sound, words: [])
            #expect(trace.ends.count == trace.scores.count && trace.ends.count > 200)
            for threshold in stride(from: 500, to: 65_000, by: 4_000).map({ UInt16($0) }) {
                let heard = try block.heard(in: sound, threshold: threshold)
                let count = trace.count(
                    threshold: threshold, tolerance: 0, lockout: block.lockoutSamples)
                #expect(count.falseAlarms == heard.filter { $0.keyword == "loud" }.count)
                heardAtAll.insert(count.falseAlarms)
            }
        }
        #expect(heardAtAll.count > 3)
        #expect(throws: EvaluationError.self) {
            try open.trace(of: "hum", in: Self.sound(seed: 1), words: [])
        }
    }

    /// Two words in an hour; the second one scores more, and something else in between.
    private static var trace: ScoreTrace {
        ScoreTrace(
            ends: [1000, 2000, 500_000, 501_000, 900_000],
            scores: [30_000, 31_000, 40_000, 39_000, 50_000],
            words: [500..<1500, 899_000..<900_000], samples: 3600 * 16_000)
    }

    @Test func countsByHand() {
        func count(_ threshold: UInt16, lockout: Int = 0) -> [Int] {
            let result = Self.trace.count(threshold: threshold, tolerance: 600, lockout: lockout)
            return [result.detected, result.falseAlarms]
        }
        // 2,000 lies within the tolerance of the first word, which was heard at 1,000.
        #expect(count(1) == [2, 3])
        #expect(count(1, lockout: 999) == [2, 3])
        #expect(count(1, lockout: 1000) == [2, 1])
        #expect(count(30_500) == [2, 2])
        #expect(count(39_500) == [1, 1])
        #expect(count(40_001) == [1, 0])
        #expect(count(50_001) == [0, 0])
    }

    @Test func figuresByHand() throws {
        var curve = DetectionCurve()
        curve.add(Self.trace, tolerance: 600, lockout: 1000)
        let none = ScoreTrace(ends: [], scores: [], words: [], samples: 3600 * 16_000)
        var other = DetectionCurve()
        other.add(none, tolerance: 600, lockout: 1000)
        let sum = curve + other
        // Two hours less 1,600 samples of each word.
        #expect(sum.words == 2 && sum.negativeSamples == 2 * 3600 * 16_000 - 3200)
        let silent = try #require(sum.best(falseAlarmsPerHour: 0))
        #expect(silent.misses == Proportion(successes: 1, trials: 2))
        #expect(silent.threshold <= 50_000 && silent.threshold > 49_900)
        let all = try #require(sum.best(falseAlarmsPerHour: 0.51))
        #expect(all.misses.successes == 0 && all.falseAlarms == 1)
        #expect(sum.frontier.map(\.falseAlarms) == [0, 1])
        // From 1/2 at none to 0 at 1/2 an hour and on to 2: 1/8 of 2. Hours are 0.003 % short of two.
        #expect(abs(sum.area(most: 2) - 0.0625) < 1e-4)
        // Half of the way: (1/2 + 1/4) / 2 on 1/4.
        #expect(abs(sum.area(most: 0.25) - 0.375) < 1e-4)
    }

    /// Garwood's table: 95 % limits of the mean of a Poisson count.
    @Test(arguments: [
        (0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (10, 4.795, 18.39),
        (100, 81.36, 121.63),
    ])
    func poissonLimitsAreThePublishedOnes(count: Int, lower: Double, upper: Double) {
        let interval = Poisson.interval(count)
        #expect(abs(interval.lowerBound - lower) < 0.005)
        #expect(abs(interval.upperBound - upper) < 0.005)
    }
}
