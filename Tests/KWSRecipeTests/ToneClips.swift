// SPDX-License-Identifier: Apache-2.0

import Foundation
import KWSModelFile
import KWSNumerics
import KWSRecipe
import KWSTrain

/// Tones and noise, twelve WAV files of each in a temporary folder, and runs that learn them apart.
class ToneClips {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("training-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    init() throws {
        var random = SplitMix64(seed: 9)
        for (label, isTone) in [("tone", true), ("noise", false)] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/toy/\(label)", withIntermediateDirectories: true)
            for number in 0..<12 {
                let pitch = random.uniform(0.05...0.2)
                let samples = (0..<5120).map { i -> Int16 in
                    let wave = isTone ? sin(pitch * Double(i)) : random.uniform(-1...1)
                    return Int16(8000 * wave)
                }
                try write(samples, to: "\(folder)/toy/\(label)/\(number).wav")
            }
        }
    }

    func write(_ samples: [Int16], to path: String) throws {
        var bytes: [UInt8] = []
        func put(_ text: String) { bytes += Array(text.utf8) }
        func put(_ number: Int, _ count: Int) {
            bytes += (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        put("RIFF")
        put(36 + 2 * samples.count, 4)
        put("WAVEfmt ")
        for (number, count) in [(16, 4), (1, 2), (1, 2), (16000, 4), (32000, 4), (2, 2), (16, 2)] {
            put(number, count)
        }
        put("data")
        put(2 * samples.count, 4)
        for sample in samples { put(Int(sample), 2) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// A run of four epochs, and one that ended after two and went on from its checkpoint.
    func resumed(
        _ make: () throws -> TrainingRun
    ) throws -> (straight: TrainingRun, resumed: TrainingRun) {
        let (straight, first, second) = (try make(), try make(), try make())
        for _ in 0..<4 { _ = try straight.runEpoch { _ in } }
        for _ in 0..<2 { _ = try first.runEpoch { _ in } }
        try first.save(to: "\(folder)/state")
        try second.restore(from: "\(folder)/state")
        for _ in 0..<2 { _ = try second.runEpoch { _ in } }
        return (straight, second)
    }

    func run(_ change: (inout Recipe) -> Void = { _ in }) throws -> TrainingRun {
        var recipe = try RecipeTests.load(RecipeTests.text)
        recipe.augmentation.shiftMilliseconds = 20
        recipe.augmentation.gainDecibels = 3
        recipe.augmentation.speed = 0.05
        recipe.augmentation.masks = Recipe.Masks(count: 1, frames: 2, features: 2)
        change(&recipe)
        return try TrainingRun(recipe, data: folder, threads: 2)
    }
}
