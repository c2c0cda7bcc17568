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
        trainer.network.fitGrids(samples: try loadClips())
    }

    /// Puts batch norms and grids in their places before the first step.
    func startRounding() throws {
        trainer.network.startNorms(samples: try loadClips())
        try fitGrids()
    }

    /// What the batch norms of a rounded network go by in the running epoch: the batch, and in the last
    /// quarter of the epochs what they will be folded by, so that training ends on what is deployed.
    var normStatistics: BatchStatistics {
        epoch < recipe.epochs - recipe.epochs / 4 ? .live(momentum: 0.1) : .frozen
    }

    /// Puts a batch of clips as they are into the network's inputs; how many.
    private func loadClips() throws -> Int {
        let features = try plainFeatures(
            of: TrainingRun.spread(recipe.batch, of: training.count), from: training)
        _ = trainer.network.inputs.update(fromContentsOf: features.flatMap { rounded($0) })
        return features.count
    }
}
