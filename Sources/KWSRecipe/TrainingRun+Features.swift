// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile
internal import KWSNumerics
internal import KWSPasses

extension TrainingRun {
    /// Features of augmented clips, each from numbers of its own: their order and the number of cores
    /// do not matter.
    func features(of chosen: [Int]) throws(EvaluationError) -> [Float] {
        let (frontEnd, augmenter, training, input) = (frontEnd, augmenter, training, input)
        let (seed, turn) = (recipe.seed, augmenter.turn(of: epoch))
        let keys = chosen.map { turn &* training.count &+ $0 }
        let missing = zip(keys, chosen).filter { known[$0.0] == nil }
        let definition = frontEnd.definition
        let made = try Parallel.map(missing.count) { index throws(EvaluationError) in
            let (key, clip) = missing[index]
            var random = SplitMix64(seed: seed &+ 1, index: key)
            let pcm = augmenter.clip(
                training.pcm[clip], samples: definition.windowSamples, &random)
            var features = frontEnd.features(of: pcm)
            augmenter.mask(
                &features, frames: definition.frameCount, each: definition.featureCount, &random)
            return input.map { features.map($0.rounded) } ?? features
        }
        for ((key, _), features) in zip(missing, made) { known[key] = features }
        defer { if !augmenter.repeats { known = [:] } }
        return keys.flatMap { known[$0] ?? [] }
    }

    /// Features of clips as they are.
    func plainFeatures(
        of chosen: [Int], from examples: Examples
    ) throws(EvaluationError) -> [[Float]] {
        try TrainingRun.plainFeatures(of: chosen, from: examples, frontEnd)
    }

    static func plainFeatures(
        of chosen: [Int], from examples: Examples, _ frontEnd: FloatFrontEnd
    ) throws(EvaluationError) -> [[Float]] {
        try Parallel.map(chosen.count) { index throws(EvaluationError) in
            frontEnd.features(of: examples.pcm[chosen[index]])
        }
    }

    func normalised(_ features: [Float]) -> [Float] { normalisation?(features) ?? features }

    /// At most `most` numbers at even distances below `count`.
    static func spread(_ most: Int, of count: Int) -> [Int] {
        let taken = min(most, count)
        return (0..<taken).map { $0 * count / taken }
    }

    /// What a network that rounds sees of features.
    func rounded(_ features: [Float]) -> [Float] {
        input.map { features.map($0.rounded) } ?? features
    }
}
