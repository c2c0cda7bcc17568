// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses
internal import KWSTrain

extension TrainingRun {
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
        let prune = Prune(
            settings, of: graph, on: calibration.map { normalised($0) },
            gradients: settings.measure.needsGradients ? try gradients() : [])
        let kept = prune(&graph)
        trainer.network.assign(graph)
        trainer.hold(kept)
    }

    /// The gradient of the loss of one clip after the other, with frozen statistics.
    private func gradients() throws -> [WeightGradients] {
        let network = trainer.network
        let chosen = Self.spread(Self.gradientClips, of: training.count)
        let count = network.parameters.count
        var (sums, squares) = (
            Array(repeating: 0.0, count: count), Array(repeating: 0.0, count: count)
        )
        for (clip, features) in zip(chosen, try plainFeatures(of: chosen, from: training)) {
            let batch = taught(Batch(inputs: features, labels: [training.classes[clip]]))
            _ = network.inputs.update(fromContentsOf: normalised(features))
            network.forward(samples: 1, statistics: .frozen)
            _ = network.evaluate(
                trainer.settings.loss, labels: batch.labels, teacher: batch.teacher)
            network.backward(statistics: .frozen)
            for (i, gradient) in network.parameters.gradients.enumerated() {
                sums[i] += Double(gradient)
                squares[i] += Double(gradient) * Double(gradient)
            }
        }
        func means(_ sums: [Double]) -> [Int: [WeightRole: [Float]]] {
            var result: [Int: [WeightRole: [Float]]] = [:]
            for slice in network.parameters.slices {
                guard let role = slice.role.weightRole else { continue }
                result[slice.node, default: [:]][role] = slice.range.map {
                    Float(sums[$0] / Double(chosen.count))
                }
            }
            return result
        }
        let (first, second) = (means(sums), means(squares))
        return network.graph.prunable.map { matrix in
            WeightGradients(
                mean: matrix.gathered(first[matrix.node] ?? [:]),
                square: matrix.gathered(second[matrix.node] ?? [:]))
        }
    }
}
