// SPDX-License-Identifier: Apache-2.0

/// What an evaluation found, by way of computing.
package struct EvaluationReport: Sendable {
    package let model: String
    package let classes: [String]
    /// The index of the silence class, if there is one.
    package let silence: Int?
    package private(set) var float: ConfusionMatrix
    /// The float network on the integer front end's features.
    package private(set) var features: ConfusionMatrix
    package private(set) var integer: ConfusionMatrix
    package private(set) var library: ConfusionMatrix
    /// Float (first) against the C library (second).
    package private(set) var againstFloat = PairedComparison()
    /// Float (first) against the float network on integer features (second).
    package private(set) var featuresAgainstFloat = PairedComparison()
    /// What `Evaluation` was given as steps, float (first) against each (second).
    package private(set) var steps:
        [(name: String, matrix: ConfusionMatrix, againstFloat: PairedComparison)]
    /// Scores in which reference and library differ.
    package private(set) var differingScores = 0
    /// Clips by label that the model has no class for.
    package var skipped: [String: Int] = [:]
    /// Right ones of the library and all, by speaker; clips without speaker are left out.
    package private(set) var speakers: [String: (right: Int, all: Int)] = [:]

    package init(model: String, classes: [String], silence: Int?, steps: [String] = []) {
        self.model = model
        self.classes = classes
        self.silence = silence
        float = ConfusionMatrix(classes: classes)
        features = float
        integer = float
        library = float
        let empty = float
        self.steps = steps.map { ($0, empty, PairedComparison()) }
    }

    mutating func add(_ outcome: Evaluation.Outcome, speaker: String) {
        let truth = outcome.truth
        float.add(truth: truth, chosen: outcome.float)
        features.add(truth: truth, chosen: outcome.features)
        integer.add(truth: truth, chosen: outcome.integer)
        library.add(truth: truth, chosen: outcome.library)
        for (index, chosen) in outcome.steps.enumerated() {
            steps[index].matrix.add(truth: truth, chosen: chosen)
            steps[index].againstFloat.add(truth: truth, first: outcome.float, second: chosen)
        }
        againstFloat.add(truth: truth, first: outcome.float, second: outcome.library)
        featuresAgainstFloat.add(truth: truth, first: outcome.float, second: outcome.features)
        differingScores += outcome.differingScores
        guard !speaker.isEmpty, truth != silence else { return }
        speakers[speaker, default: (0, 0)].all += 1
        speakers[speaker, default: (0, 0)].right += outcome.library == truth ? 1 : 0
    }

    package var clips: Int { againstFloat.trials }

    /// The mean of the speakers' accuracies with the library; 0 without speakers.
    package var meanSpeakerAccuracy: Double {
        guard !speakers.isEmpty else { return 0 }
        let ordered = speakers.sorted { $0.key < $1.key }.map(\.value)
        return ordered.reduce(0.0) { $0 + Double($1.right) / Double($1.all) }
            / Double(ordered.count)
    }
}
