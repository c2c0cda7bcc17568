// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Classifies every clip of a data set by the float model, the integer reference, the C library,
/// and the float network on the integer front end's features.
package struct Evaluation: Sendable {
    /// What became of one clip.
    struct Outcome: Sendable {
        var truth: Int
        var float: Int
        var features: Int
        /// One a step.
        var steps: [Int]
        var integer: Int
        var library: Int
        /// Scores that differ between reference and library: none, if both are right.
        var differingScores: Int
    }

    private let paths: ScorePaths
    private let steps: [(name: String, network: FloatEvaluator)]

    /// - Parameter steps: float networks on the way from the model's to the integers; each gets the
    ///   integer front end's features.
    /// - Throws: if library or reference refuse the model's block, or it has no front end.
    package init(
        _ model: EvaluatedModel, steps: [(name: String, graph: FloatGraph)] = []
    ) throws(EvaluationError) {
        paths = try ScorePaths(model)
        self.steps = steps.map { ($0.name, FloatEvaluator($0.graph)) }
    }

    /// Runs on all cores; the report does not depend on their number.
    ///
    /// - Throws: if a clip can't be read, or the model knows none of the labels.
    package func run(
        _ data: DataSet, progress: Parallel.Progress? = nil
    ) throws(EvaluationError) -> EvaluationReport {
        let map = ClassMap(classes: paths.classes)
        var known: [(clip: Clip, truth: Int)] = []
        var skipped: [String: Int] = [:]
        for clip in data.clips {
            if let truth = map.index(of: clip) {
                known.append((clip, truth))
            } else {
                skipped[clip.label, default: 0] += 1
            }
        }
        guard !known.isEmpty else {
            throw EvaluationError(
                .badData, data.root,
                "the model knows none of the labels \(skipped.keys.sorted()); "
                    + "its classes are \(paths.classes)")
        }
        let work = known
        let outcomes = try Parallel.map(work.count, progress: progress) {
            index throws(EvaluationError) in
            try outcome(of: work[index].clip.read(), truth: work[index].truth)
        }
        var report = EvaluationReport(
            model: paths.model.name, classes: paths.classes, silence: map.silence,
            steps: steps.map(\.name))
        report.skipped = skipped
        for (outcome, item) in zip(outcomes, work) {
            report.add(outcome, speaker: item.clip.speaker)
        }
        return report
    }

    private func outcome(of samples: [Int16], truth: Int) throws(EvaluationError) -> Outcome {
        let (features, scores) = try paths.library(samples)
        let reference = try paths.reference(samples)
        return Outcome(
            truth: truth, float: paths.float(samples).argmax,
            features: paths.float(features: features).argmax,
            steps: steps.map { step in
                var network = step.network
                return network(paths.model.input.real(features)).argmax
            },
            integer: reference.argmax, library: scores.argmax,
            differingScores: zip(scores, reference).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) })
    }
}
