// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Recipe {
    /// Weights that become zero, and stay zero, while a network learns.
    package struct Pruning: Sendable {
        /// When how many go.
        package enum Schedule: Sendable, Equatable {
            /// All before the first step.
            case oneShot
            /// Cuts at equal distances, each followed by its share of the epochs.
            case iterative([Double])
            /// From one epoch's start to another's a cut every so many steps, along
            /// `s (1 - (1 - p)^3)` (Zhu and Gupta 2017, equation 1).
            case gradual(first: Int, last: Int, everySteps: Int)
        }

        /// The sparsity is that of the end.
        package var settings: PruningSettings
        package var schedule: Schedule
        /// With it, an iterative schedule ends once the validation accuracy is lower than at the start
        /// by more than this; the network is that of the cut before.
        package var tolerance: Double?

        package init(
            settings: PruningSettings, schedule: Schedule, tolerance: Double? = nil
        ) {
            self.settings = settings
            self.schedule = schedule
            self.tolerance = tolerance
        }

        /// The sparsities that iterative schedules go through: our choice.
        package static let cuts = [0.5, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98]

        /// The sparsity to cut to before a step, counted from 0; nil for a step without a cut.
        package func sparsity(before step: Int, epochs: Int, stepsPerEpoch: Int) -> Double? {
            switch schedule {
            case .oneShot: return step == 0 ? settings.sparsity : nil
            case .iterative(let sparsities):
                let distance = epochs / sparsities.count * stepsPerEpoch
                guard step % distance == 0, step / distance < sparsities.count else { return nil }
                return sparsities[step / distance]
            case .gradual(let first, let last, let everySteps):
                let (start, end) = (first * stepsPerEpoch, last * stepsPerEpoch)
                guard step <= end, step == end || (step > start && (step - start) % everySteps == 0)
                else { return nil }
                let left = 1 - Double(step - start) / Double(max(1, end - start))
                return settings.sparsity * (1 - left * left * left)
            }
        }
    }

    /// A recipe that trains a model again while it is pruned, taught by the model itself: for
    /// `kwsc compile --prune --train`. The numbers are our choice.
    package static func retraining(
        _ model: LoadedModel, training: [Source], pruning settings: PruningSettings, epochs: Int
    ) -> Recipe {
        var augmentation = Augmentation()
        augmentation.shiftMilliseconds = 100
        augmentation.gainDecibels = 6
        return Recipe(
            file: model.description.name, model: model, descriptionText: "", isImported: true,
            training: training, validation: [], augmentation: augmentation, optimiser: .adam,
            rate: 0.003, schedule: .cosine(warmUpEpochs: 0), weightDecay: 0, labelSmoothing: 0,
            distillation: Distillation(
                teacher: model.graph, weight: 1, hiddenWeight: 1,
                mixing: Mixing(share: 1, noise: 0.3)),
            pruning: Pruning(settings: settings, schedule: .oneShot), gradientNorm: nil,
            batch: 100, epochs: epochs, seed: 1)
    }
}
