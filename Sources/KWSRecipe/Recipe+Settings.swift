// SPDX-License-Identifier: Apache-2.0

internal import KWSModelFile
internal import KWSTrain

extension Recipe {
    /// What the trainer is told, with epochs turned into steps.
    func settings(stepsPerEpoch: Int) -> Trainer.Settings {
        var settings = Trainer.Settings()
        settings.loss = Loss(
            labelSmoothing: labelSmoothing,
            distillation: distillation.map {
                Loss.Distillation(
                    temperature: $0.temperature, weight: $0.weight, hiddenWeight: $0.hiddenWeight)
            })
        if let stream {
            settings.sequenceLoss = SequenceLoss(
                stream.loss == .frames ? .frames : .maxPooling,
                keywordWeight: stream.keywordWeight)
        }
        settings.optimiser =
            switch optimiser {
            case .sgd(let momentum): SGD(momentum: Float(momentum))
            case .adam: Adam()
            }
        settings.rate = Float(rate)
        settings.schedule =
            switch schedule {
            // Each cut of an iterative schedule has a cosine of its own.
            case .cosine where cuts > 1: .cycles(steps: epochs / cuts * stepsPerEpoch)
            case .cosine(let warmUp):
                .cosine(warmUp: warmUp * stepsPerEpoch, total: epochs * stepsPerEpoch, final: 0)
            case .steps(let at, let factor):
                .steps(at: at.map { $0 * stepsPerEpoch }, factor: factor)
            }
        settings.weightDecay = Float(weightDecay)
        settings.largestNorm = gradientNorm
        return settings
    }

    private var cuts: Int {
        if case .iterative(let sparsities) = pruning?.schedule { sparsities.count } else { 1 }
    }
}
