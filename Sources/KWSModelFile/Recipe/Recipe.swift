// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// How a network is trained: a recipe file as typed values. `README.md` beside the built-in
/// descriptions documents the format.
package struct Recipe: Sendable {
    /// A part of a data set.
    package struct Source: Sendable {
        /// The folder, as the recipe names it.
        package var path: String
        /// "train", "val", ...; nil for all clips.
        package var split: String?
        /// Whether its clips have no class of the model's: a teacher tells what they are.
        package var isUnlabelled = false

        package init(path: String, split: String? = nil, isUnlabelled: Bool = false) {
            self.path = path
            self.split = split
            self.isUnlabelled = isUnlabelled
        }
    }

    /// Learning from another network's logits (Hinton, Vinyals, Dean 2015, section 2).
    package struct Distillation: Sendable {
        /// A network for the same features and classes.
        package var teacher: FloatGraph
        package var temperature: Double
        /// Share of the teacher's term in the loss, 0 to 1.
        package var weight: Double

        /// What the distance of hidden activations of the same name and shape counts beside.
        package var hiddenWeight: Double
        package var mixing: Mixing?

        package init(
            teacher: FloatGraph, temperature: Double = 2, weight: Double = 0.9,
            hiddenWeight: Double = 0, mixing: Mixing? = nil
        ) {
            self.teacher = teacher
            self.temperature = temperature
            self.weight = weight
            self.hiddenWeight = hiddenWeight
            self.mixing = mixing
        }
    }

    /// Features that are made of two clips' (Zhang et al. 2018, mixup with alpha = 1); only the teacher is
    /// asked about them.
    package struct Mixing: Sendable {
        /// Of the clips.
        package var share: Double
        /// The standard deviation of what is added to each feature, in the feature's own.
        package var noise: Double

        package init(share: Double, noise: Double) {
            self.share = share
            self.noise = noise
        }
    }

    /// Training to be rounded; the recipe has a model to start from.
    package struct Quantisation: Sendable {
        package enum Widths: Sendable {
            /// Of all layers, and of single ones by name.
            case fixed(Int, layers: [String: Int])
            case learned
        }

        package enum Form: String, Sendable { case brevitas, uhlich, measured }

        package var weights = Widths.fixed(8, layers: [:])
        package var activations = Widths.fixed(8, layers: [:])
        /// How widths are learned.
        package var form = Form.measured
        /// Most bytes of weights with what else is stored of each channel.
        package var budgetBytes: Int?
        /// Most stored bits, means over all weights and all numbers of hidden tensors.
        package var weightBits: Double?
        package var activationBits: Double?
        /// What a bit of either mean adds to the loss where no budget is given.
        package var price = 0.04

        package init() {}
    }

    /// What is done to a clip before its features are computed, at random for each epoch.
    package struct Augmentation: Sendable {
        /// The clip is moved by up to so much either way; what is missing is silence.
        package var shiftMilliseconds = 0.0
        /// Its level changes by up to so much either way.
        package var gainDecibels = 0.0
        /// Its speed changes by up to this share either way, pitch included.
        package var speed = 0.0
        package var rooms: Rooms?
        package var noise: Noise?
        package var masks: Masks?
        /// Changes of each clip, which epochs take in turn; nil: each epoch has its own.
        package var variants: Int?
    }

    /// Background noise at a signal-to-noise ratio drawn uniformly from a range.
    package struct Noise: Sendable {
        package var source: Source
        /// Share of the clips that get noise.
        package var probability: Double
        package var decibels: ClosedRange<Double>
    }

    /// Rooms that words are spoken in, by the image method.
    package struct Rooms: Sendable {
        /// The chance that a word is spoken in one.
        package var share: Double
        /// Seconds until a sound is 60 dB lower, drawn uniformly.
        package var reverberation: ClosedRange<Double>
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
    package var distillation: Distillation?
    package var quantisation: Quantisation?
    package var pruning: Pruning?
    package var stream: Stream?
    /// Gradients of a larger norm are shrunk to it.
    package var gradientNorm: Double?
    package var batch: Int
    package var epochs: Int
    package var seed: UInt64
}
