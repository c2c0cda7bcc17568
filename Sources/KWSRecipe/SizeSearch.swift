// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
package import KWSGraph
internal import KWSModelFile
package import KWSPasses

/// Finds how small a network may get: it is cut further and further, and trained after each cut, as
/// long as it stays as good as it was (our reading of Xue et al. 2018).
package struct SizeSearch {
    /// What a cut and the training behind it came to.
    package struct Cut: Sendable {
        package let sparsity: Double
        /// Of the validation clips.
        package let accuracy: Double
        package let size: PrunedSize
        /// Whether that is good enough.
        package let passes: Bool
    }

    /// Validation accuracy of the network that the search began with.
    package let start: Double
    private let tolerance: Double

    /// Looks at a run that has not begun.
    ///
    /// - Returns: nil if its recipe asks for no search.
    package init?(_ run: TrainingRun) throws(EvaluationError) {
        guard let tolerance = run.recipe.pruning?.tolerance,
            let accuracy = try run.validationAccuracy()
        else { return nil }
        start = accuracy
        self.tolerance = tolerance
    }

    /// Judges a run whose epochs for a cut are over; nil within them.
    package func judge(_ run: TrainingRun, _ epoch: TrainingRun.Epoch) throws(GraphError) -> Cut? {
        guard case .iterative(let cuts) = run.recipe.pruning?.schedule,
            let accuracy = epoch.validation,
            epoch.number % (run.recipe.epochs / cuts.count) == 0
        else { return nil }
        return Cut(
            sparsity: epoch.sparsity ?? 0, accuracy: accuracy, size: try PrunedSize(run.graph),
            passes: accuracy >= start - tolerance)
    }
}
