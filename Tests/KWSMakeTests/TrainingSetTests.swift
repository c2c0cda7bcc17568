// SPDX-License-Identifier: Apache-2.0
//
// Goal: the folder to train from holds a window around every word, as long as the words need, and
// nothing synthesised from people held out. Method: bursts of a tone in silence, written as WAVs.

import Foundation
import KWSEvaluate
import KWSFrontEnd
import KWSMake
import KWSModelFile
import Testing

@Suite final class TrainingSetTests {
    let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("make-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// A tone of `length` samples in the middle of `samples`.
    func burst(_ length: Int, in samples: Int) -> [Int16] {
        let start = (samples - length) / 2
        return (0..<samples).map { i in
            (start..<start + length).contains(i) ? Int16(8000 * sin(0.1 * Double(i))) : 0
        }
    }

    func set(length: Int, samples: Int) throws -> TrainingSet {
        try FileManager.default.createDirectory(
            atPath: "\(root)/in", withIntermediateDirectories: true)
        var found: [Recording] = []
        for number in 0..<20 {
            let path = "\(root)/in/\(number).wav"
            try AudioFile.write(burst(length, in: samples), to: path)
            found.append(
                Recording(path: path, kind: .word(number < 10 ? "a" : "b"), speaker: "p\(number)"))
        }
        return try TrainingSet(
            HeldOutPeople(found, seed: 1), words: ["a", "b"], folder: "\(root)/training", seed: 1)
    }

    @Test func shortWordsGetASecond() throws {
        let set = try set(length: 6000, samples: 12_000)
        #expect(set.windowSamples == 16_000)
        let all = try DataSet.load(set.folder).clips
        #expect(all.count { $0.label == "a" || $0.label == "b" } == 20)
        for clip in all { #expect(try clip.read().count == 16_000, "\(clip.path)") }
        let word = try #require(all.first { $0.label == "a" })
        // Recordings shorter than the window stand in its middle.
        #expect(word.part == -2000..<14_000)
        #expect(all.contains { $0.label == "unknown" } && all.contains { $0.label == "silence" })
        #expect(!all.contains { $0.split == "test" && $0.path.contains("synthesised") })
        #expect(set.count(.test) == 4)
    }

    @Test func longWordsGetWhatTheyNeed() throws {
        let set = try set(length: 20_000, samples: 40_000)
        // The gate works in frames of 320: the word plus 100 ms, up to a hop.
        #expect((21_600...22_400).contains(set.windowSamples))
        let clip = try #require(try DataSet.load(set.folder).clips.first { $0.label == "a" })
        let samples = try clip.read()
        // All of the word is in the window.
        #expect(samples.count { $0 != 0 } >= 19_000)
        #expect(samples.first == 0 && samples.last == 0)
    }

    @Test func theRecipeIsReadAgain() throws {
        let set = try set(length: 20_000, samples: 40_000)
        let recipe = MakeRecipe(set, name: "test", seed: 5, epochs: nil)
        let path = "\(root)/recipe.json"
        try Data(recipe.text.utf8).write(to: URL(fileURLWithPath: path))
        let read = try Recipe.load(path: path)
        #expect(read.model.description.labels == ["silence", "unknown", "a", "b"])
        #expect(read.model.description.frontEnd?.windowSamples == set.windowSamples)
        #expect(read.model.description.keywords.map(\.classIndex) == [2, 3])
        #expect(read.seed == 5)
    }

    @Test func otherFormatsAreConverted() throws {
        try FileManager.default.createDirectory(
            atPath: "\(root)/in", withIntermediateDirectories: true)
        // 44.1 kHz, both channels the same tone: the tone again at 16 kHz.
        let path = "\(root)/in/x.wav"
        try Data(wave(rate: 44_100, channels: 2, pitch: 440, seconds: 0.5))
            .write(to: URL(fileURLWithPath: path))
        #expect(throws: EvaluationError.self) { try AudioFile.read(path) }
        let (samples, isConverted) = try AudioFile.readConverting(path)
        #expect(isConverted && abs(samples.count - 8000) <= 1)
        let middle = samples[2000..<6000].enumerated().map { index, sample in
            abs(Double(sample) - 8000 * sin(2 * .pi * 440 * Double(index + 2000) / 16_000))
        }
        // libsamplerate's medium converter keeps 121 dB; half a step of rounding each way, once at
        // 44.1 and once at 16 kHz.
        #expect((middle.max() ?? 100) < 2)
    }

    func wave(rate: Int, channels: Int, pitch: Double, seconds: Double) -> [UInt8] {
        var data: [UInt8] = []
        func put(_ number: Int, _ count: Int, _ to: inout [UInt8]) {
            to += (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        for i in 0..<Int(seconds * Double(rate)) {
            let sample = (8000 * sin(2 * .pi * pitch * Double(i) / Double(rate))).rounded()
            for _ in 0..<channels { put(Int(sample), 2, &data) }
        }
        var bytes = Array("RIFF".utf8)
        put(36 + data.count, 4, &bytes)
        bytes += Array("WAVEfmt ".utf8)
        for (number, count) in [
            (16, 4), (1, 2), (channels, 2), (rate, 4), (2 * channels * rate, 4), (2 * channels, 2),
            (16, 2),
        ] { put(number, count, &bytes) }
        bytes += Array("data".utf8)
        put(data.count, 4, &bytes)
        return bytes + data
    }
}
