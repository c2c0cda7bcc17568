// SPDX-License-Identifier: Apache-2.0
//
// Goal: mixtures lie between two clips of the batch, have no label, and are the same ones whenever
// the step is; noise has the deviation that was asked for. Method: constant features.

import Foundation
import KWSModelFile
import KWSRecipe
import KWSTrain
import Testing

@Suite final class FeatureMixingTests: ToneClips {
    /// Sixteen clips, each constant in its four features: its number.
    private static let clips = (0..<16).map { Array(repeating: Float($0), count: 4) }

    private func mixed(_ mixing: Recipe.Mixing, step: Int = 0) -> Batch {
        var batch = Batch(inputs: Self.clips.flatMap { $0 }, labels: Array(0..<16))
        FeatureMixing(mixing, features: Self.clips, seed: 1).mix(&batch, step: step)
        return batch
    }

    @Test func mixturesLieBetweenClips() {
        let batch = mixed(Recipe.Mixing(share: 1, noise: 0))
        #expect(batch.labels.allSatisfy { $0 == -1 })
        for sample in 0..<16 {
            let numbers = Set(batch.inputs[4 * sample..<4 * sample + 4])
            #expect(numbers.count == 1)
            #expect(numbers.allSatisfy { (0...15).contains($0) })
        }
        #expect(batch.inputs != Self.clips.flatMap { $0 })
        #expect(mixed(Recipe.Mixing(share: 1, noise: 0)).inputs == batch.inputs)
        #expect(mixed(Recipe.Mixing(share: 1, noise: 0), step: 1).inputs != batch.inputs)
    }

    @Test func recipesSayHowMuch() throws {
        let trained = try run()
        _ = try trained.recipe.write(trained.graph, stem: "\(folder)/float")
        func mixing(_ value: String) throws -> Recipe.Mixing? {
            let text = RecipeTests.text
            let start = try #require(text.range(of: "{\"description\""))
            let end = try #require(text.range(of: "\"training\""))
            return try RecipeTests.load(
                text[..<start.lowerBound]
                    + "{\"description\": \"\(folder)/float.kws.json\", "
                    + "\"model\": \"\(folder)/float.onnx\", "
                    + "\"distillation\": {\"teacher\": \"self\", \"mixing\": \(value)}, "
                    + text[end.lowerBound...]
            ).distillation?.mixing
        }
        let plain = try mixing("{}")
        #expect(plain?.share == 1 && plain?.noise == 0)
        let both = try mixing("{\"share\": 0.5, \"noise\": 0.3}")
        #expect(both?.share == 0.5 && both?.noise == 0.3)
        for (value, fact) in [
            ("{\"share\": 2}", "a number from 0.0 to 1.0"),
            ("{\"noise\": -1}", "a number from 0.0 to 10.0"),
            ("{\"parts\": 2}", "unknown key \"parts\""),
        ] {
            let error = #expect(throws: ModelFileError.self) { try mixing(value) }
            #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
        }
    }

    @Test func theOthersStayAsTheyAre() {
        let batch = mixed(Recipe.Mixing(share: 0.5, noise: 1))
        let pure = batch.labels.indices.filter { batch.labels[$0] >= 0 }
        #expect((1..<16).contains(pure.count))
        for sample in pure {
            #expect(batch.labels[sample] == sample)
            #expect(Array(batch.inputs[4 * sample..<4 * sample + 4]) == Self.clips[sample])
        }
    }

    @Test func noiseHasItsDeviation() {
        // What differs from a sample's mean is noise alone. Numbers 0 to 15 have a variance of 255/12; the
        // mean over n = 6400 samples of the variance of four uniform numbers is uncertain by less than
        // 1 / sqrt(n) of itself, and five times that is never seen.
        var sum = 0.0
        for step in 0..<400 {
            let batch = mixed(Recipe.Mixing(share: 1, noise: 0.5), step: step)
            for sample in 0..<16 {
                let numbers = batch.inputs[4 * sample..<4 * sample + 4].map { Double($0) }
                let mean = numbers.reduce(0, +) / 4
                sum += numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
            }
        }
        let expected = 0.25 * 255 / 12
        #expect(abs(sum / 6400 - expected) < expected * 5 / 80)
    }
}
