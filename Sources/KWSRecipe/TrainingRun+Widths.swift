// SPDX-License-Identifier: Apache-2.0

internal import KWSModelFile
internal import KWSTrain

extension TrainingRun {
    /// After an epoch: the next step down of widths that are measured, on the first batches of an
    /// order of clips; and after the last learning epoch the end of all learning.
    func learnWidths(_ order: [Int]) throws {
        guard let quantisation = recipe.quantisation, epoch <= learningEpochs else { return }
        let isMeasured = quantisation.form == .measured
        if isMeasured {
            var batches: [Batch] = []
            for first in stride(from: 0, to: min(order.count, 3 * recipe.batch), by: recipe.batch) {
                batches.append(try batch(of: Array(order.dropFirst(first).prefix(recipe.batch))))
            }
            try trainer.network.narrowWidths(
                to: quantisation.budget(
                    for: graph, done: Double(epoch) / Double(learningEpochs)),
                batches: batches, loss: trainer.settings.loss)
        }
        guard epoch == learningEpochs else { return }
        learnedWidths = widths
        try trainer.network.fixWidths(within: quantisation.budget(for: graph))
        if !isMeasured { try fitGrids() }
    }

    /// Fits grids to a batch of clips as they are.
    func fitGrids() throws {
        let features = try plainFeatures(
            of: TrainingRun.spread(recipe.batch, of: training.count), from: training)
        _ = trainer.network.inputs.update(fromContentsOf: features.flatMap { rounded($0) })
        trainer.network.fitGrids(samples: features.count)
    }
}
