// SPDX-License-Identifier: Apache-2.0
//
// Goal: simulated streams are repeatable and mean what they say. Method: tone bursts in white noise,
// measured back from the mix; scores counted by hand.

import Foundation
import KWSEvaluate
import KWSNumerics
import Testing

@Suite struct StreamTests {
    /// A second with a 440 Hz tone in the samples 4000 ..< 10000.
    static let burst = (0..<16000).map { i in
        (4000..<10000).contains(i) ? Int16(8000 * sin(Double(i) * 2 * .pi * 440 / 16000)) : 0
    }
    static let noise: [Int16] = {
        var random = SplitMix64(seed: 5)
        return (0..<50000).map { _ in Int16(random.below(2001) - 1000) }
    }()

    func maker(seed: UInt64 = 1, snr: Double = 10) throws(EvaluationError) -> StreamMaker {
        var recipe = StreamRecipe()
        recipe.seed = seed
        recipe.snr = snr...snr
        return try StreamMaker(
            recipe, clips: [("burst", "w", Self.burst)], noises: [("white", Self.noise)])
    }

    @Test func generatorIsSplitMix64() {
        // The published sequence for seed 1234567.
        var random = SplitMix64(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(random.next() == 9_817_491_932_198_370_423)
        for bound in [1, 2, 3, 1000] {
            #expect((0..<1000).allSatisfy { _ in (0..<bound).contains(random.below(bound)) })
        }
    }

    @Test func gateFindsTheWord() {
        let word = EnergyGate.word(in: Self.burst)
        #expect(abs(word.lowerBound - 4000) <= 320 && abs(word.upperBound - 10000) <= 320)
        #expect(EnergyGate.word(in: []) == 0..<0)
        #expect(EnergyGate.word(in: [1, 2, 3]) == 0..<3)
        #expect(!EnergyGate.word(in: Array(repeating: 0, count: 16000)).isEmpty)
    }

    @Test func sameSeedSameStreamInAnyOrder() throws {
        let a = try maker()
        let b = try maker()
        let forward = (0..<4).map { a.stream($0) }
        let backward = (0..<4).reversed().map { b.stream($0) }
        #expect(forward == backward.reversed())
        #expect(Set(forward.map(\.level)).count == 4)
        #expect(try maker(seed: 2).stream(0) != forward[0])
    }

    @Test func wordsAreApartAndAsLoudAsTold() throws {
        let maker = try maker(snr: 40)
        for index in 0..<20 {
            let stream = maker.stream(index)
            #expect(stream.samples.count == 160_000 && stream.words.count == 3)
            #expect((-36.0 ... -12.0).contains(stream.level))
            for (word, next) in zip(stream.words, stream.words.dropFirst()) {
                #expect(word.spoken.upperBound < next.spoken.lowerBound)
            }
            for word in stream.words {
                let power = stream.samples[word.spoken].reduce(0.0) { $0 + Double($1) * Double($1) }
                let level = 10 * log10(power / Double(word.spoken.count)) - 20 * log10(32768)
                #expect(abs(level - stream.level) < 0.1, "stream \(index)")
                #expect(word.spoken.upperBound + 8000 <= 160_000)
            }
        }
    }

    @Test func noiseIsSoFarBelowTheWord() throws {
        let stream = try maker(snr: 10).stream(3)
        let first = stream.words[0].spoken.lowerBound
        let quiet = first > 6000 ? stream.samples[0..<first - 5000] : stream.samples[150_000...]
        let power = quiet.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(quiet.count)
        let level = 10 * log10(power) - 20 * log10(32768)
        #expect(abs(level - (stream.level - 10)) < 0.5)
    }

    @Test func impossibleRecipesAreRefused() throws {
        #expect(throws: EvaluationError.self) {
            try StreamMaker(StreamRecipe(), clips: [], noises: [("n", Self.noise)])
        }
        #expect(throws: EvaluationError.self) {
            try StreamMaker(
                StreamRecipe(), clips: [("b", "w", Self.burst)], noises: [("n", [0, 0])])
        }
        #expect(throws: EvaluationError.self) {
            try StreamMaker(
                StreamRecipe(), clips: [("b", "w", [0, 0, 0])], noises: [("n", Self.noise)])
        }
        var recipe = StreamRecipe()
        recipe.words = 12
        #expect(throws: EvaluationError.self) {
            try StreamMaker(recipe, clips: [("b", "w", Self.burst)], noises: [("n", Self.noise)])
        }
    }

    @Test func detectionsAreScoredByTime() {
        let audio = LabelledAudio(
            title: "", samples: Array(repeating: 0, count: 160_000),
            words: [
                .init(label: "w", spoken: 1000..<9000), .init(label: "w", spoken: 30000..<40000),
                .init(label: "v", spoken: 60000..<70000),
            ])
        func score(_ heard: [(String, Int)]) -> StreamScore {
            var score = StreamScore()
            score.add(
                audio,
                heard: heard.map {
                    HeardKeyword(keyword: $0.0, score: 1, startSample: 0, endSample: $0.1)
                }, keywords: ["w"], tolerance: 8000)
            return score
        }
        func counts(_ heard: [(String, Int)]) -> [Int] {
            let s = score(heard)
            return [s.words, s.detected, s.falseDetections]
        }
        #expect(counts([]) == [2, 0, 0])
        #expect(counts([("w", 1000), ("w", 48000)]) == [2, 2, 0])
        #expect(counts([("w", 999), ("w", 48001)]) == [2, 0, 2])
        #expect(counts([("w", 5000), ("w", 6000)]) == [2, 1, 1])
        #expect(counts([("other", 5000)]) == [2, 0, 1])
        // Another word of the model is no word to count, but rightly heard.
        #expect(counts([("v", 65000)]) == [2, 0, 0])
        #expect(counts([("w", 65000)]) == [2, 0, 1])
        #expect(score([]).falseRejectRate == 1)
        #expect(score([("w", 20000)]).falseAlarmsPerHour == 360)
    }
}
