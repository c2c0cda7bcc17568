// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses
internal import KWSTrain

extension TrainingRun {
    /// Enough for means.
    private static let meanClips = 1000
    /// Enough for the covariance of 400 inputs; fewer fit themselves.
    private static let momentClips = 4000
    /// Clips that gradients are averaged over.
    private static let gradientClips = 256

    /// Share of the weights that can be pruned which are held at zero; nil without pruning.
    var sparsity: Double? {
        guard recipe.pruning != nil else { return nil }
        let weights = recipe.model.graph.prunable.reduce(0) { $0 + $1.weights.count }
        return Double(trainer.heldWeights) / Double(max(1, weights))
    }

    /// Cuts before a step that the schedule has a cut for.
    func pruneIfDue() throws {
        guard let pruning = recipe.pruning,
            let sparsity = pruning.sparsity(
                before: trainer.progress.step, epochs: recipe.epochs,
                stepsPerEpoch: (training.count + recipe.batch - 1) / recipe.batch)
        else { return }
        var settings = pruning.settings
        settings.sparsity = sparsity
        settings.seed = recipe.seed
        var graph = trainer.network.graph
        let clips = settings.measure.needsMoments ? Self.momentClips : Self.meanClips
        let features = try cutFeatures(clips).map { normalised($0) }
        let prune = Prune(
            settings, of: graph, on: features,
            gradients: try gradients(for: settings.measure, on: features))
        let kept = prune(&graph)
        trainer.network.assign(graph)
        trainer.hold(kept)
    }

    /// Of this epoch's clips with a class, which are what the network is for, if there are any; at even
    /// distances.
    private func cutFeatures(_ most: Int) throws -> [[Float]] {
        let known = training.classes.indices.filter { training.classes[$0] >= 0 }
        let clips = known.isEmpty ? Array(training.classes.indices) : known
        let chosen = Self.spread(most, of: clips.count).map { clips[$0] }
        let all = try features(of: chosen)
        let each = all.count / max(1, chosen.count)
        return chosen.indices.map { Array(all[$0 * each..<($0 + 1) * each]) }
    }

    /// What a measure asks of gradients.
    private func gradients(
        for measure: ImportanceMeasure, on inputs: [[Float]]
    ) throws -> [WeightGradients] {
        if measure.takesPosteriorGradients {
            return trainer.network.posteriorGradients(of: inputs, seed: recipe.seed)
        }
        guard measure.needsGradients else { return [] }
        let chosen = Self.spread(Self.gradientClips, of: training.count)
        let features = try plainFeatures(of: chosen, from: training)
        let batches = zip(chosen, features).map {
            taught(Batch(inputs: $1, labels: [training.classes[$0]]))
        }
        return trainer.network.weightGradients(of: features.map { normalised($0) }) {
            (trainer.settings.loss, batches[$0].labels[0], batches[$0].teacher)
        }
    }
}
