// SPDX-License-Identifier: Apache-2.0

package import KWSModelFile
internal import KWSNumerics
internal import KWSPasses
package import KWSTrain

/// Makes features of two clips' and noise, `a x + (1 - a) x' + n` with a uniform from 0 to 1 and n uniform
/// round 0: sounds of people that nobody recorded, for a teacher to speak of.
package struct FeatureMixing: Sendable {
    private let mixing: Recipe.Mixing
    /// The largest noise of each feature.
    private let noise: [Float]
    private let seed: UInt64

    /// - Parameter features: of clips at even distances.
    package init(_ mixing: Recipe.Mixing, features: [[Float]], seed: UInt64) {
        self.mixing = mixing
        self.seed = seed
        var statistics = InputStatistics(taps: features.first?.count ?? 0)
        for clip in features { statistics.add(clip, set: 0) }
        // A uniform number's standard deviation is its largest by the root of 3.
        noise = statistics.deviation.map { Float(mixing.noise * 3.0.squareRoot() * $0) }
    }

    /// Mixes a share of a batch's samples with others of it; they have no label then.
    package func mix(_ batch: inout Batch, step: Int) {
        var random = SplitMix64(seed: seed &+ 2, index: step)
        let pure = batch.inputs
        for sample in batch.labels.indices where random.unit() < mixing.share {
            let (own, other) = (sample * noise.count, random.below(batch.samples) * noise.count)
            let part = Float(random.unit())
            for i in noise.indices {
                let mean = part * pure[own + i] + (1 - part) * pure[other + i]
                batch.inputs[own + i] = mean + noise[i] * Float(2 * random.unit() - 1)
            }
            batch.labels[sample] = -1
        }
    }
}
