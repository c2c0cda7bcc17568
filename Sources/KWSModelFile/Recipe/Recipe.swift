// SPDX-License-Identifier: Apache-2.0

/// How a network is trained: a recipe file as typed values. `README.md` beside the built-in
/// descriptions documents the format.
package struct Recipe: Sendable {
    /// A part of a data set.
    package struct Source: Sendable {
        /// The folder, as the recipe names it.
        package var path: String
        /// "train", "val", ...; nil for all clips.
        package var split: String?
    }

    /// What is done to a clip before its features are computed, at random for each epoch.
    package struct Augmentation: Sendable {
        /// The clip is moved by up to so much either way; what is missing is silence.
        package var shiftMilliseconds = 0.0
        /// Its level changes by up to so much either way.
        package var gainDecibels = 0.0
        /// Its speed changes by up to this share either way, pitch included.
        package var speed = 0.0
        package var noise: Noise?
        package var masks: Masks?
    }

    /// Background noise at a signal-to-noise ratio drawn uniformly from a range.
    package struct Noise: Sendable {
        package var source: Source
        /// Share of the clips that get noise.
        package var probability: Double
        package var decibels: ClosedRange<Double>
    }

    /// SpecAugment (Park et al. 2019): up to `frames` frames and up to `features` features in a row
    /// become the clip's mean, `count` times each.
    package struct Masks: Sendable {
        package var count: Int
        package var frames: Int
        package var features: Int

        package init(count: Int, frames: Int, features: Int) {
            self.count = count
            self.frames = frames
            self.features = features
        }
    }

    package enum Optimiser: Sendable {
        case sgd(momentum: Double)
        case adam
    }

    package enum Schedule: Sendable {
        /// Down along half a cosine, after a warm-up in a line.
        case cosine(warmUpEpochs: Int)
        /// Times `factor` after each of these epochs.
        case steps(epochs: [Int], factor: Double)
    }

    package var file: String
    /// The network before training, with its description; it has a front end.
    package var model: LoadedModel
    /// The description as the file of its own that goes with the trained network.
    package var descriptionText: String
    /// Whether the weights came with the network; else they start at random.
    package var isImported: Bool
    package var training: [Source]
    package var validation: [Source]
    package var augmentation: Augmentation
    package var optimiser: Optimiser
    package var rate: Double
    package var schedule: Schedule
    package var weightDecay: Double
    package var labelSmoothing: Double
    /// Gradients of a larger norm are shrunk to it.
    package var gradientNorm: Double?
    package var batch: Int
    package var epochs: Int
    package var seed: UInt64
}
