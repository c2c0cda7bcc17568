// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate

extension Report {
    /// How well the network hears before and after each step, on the same clips.
    package struct Accuracy: Sendable {
        /// The data set.
        package var data: String
        package var clips: Int
        package var speakers: Int
        /// Clips left out: the model has no class for them.
        package var skipped: Int
        /// The float network first, the C library last.
        package var stages: [Stage]
        /// Scores in which the reference differs from the C library.
        package var differingScores: Int

        package struct Stage: Sendable {
            package var name: String
            package var all: Proportion
            /// nil: the model has no class for silence.
            package var withoutSilence: Proportion?
            /// The float network against this stage; nil for the float network.
            package var againstFloat: PairedComparison?

            package init(
                name: String, all: Proportion, withoutSilence: Proportion?,
                againstFloat: PairedComparison?
            ) {
                self.name = name
                self.all = all
                self.withoutSilence = withoutSilence
                self.againstFloat = againstFloat
            }
        }

        package init(
            data: String, clips: Int, speakers: Int, skipped: Int, stages: [Stage],
            differingScores: Int
        ) {
            self.data = data
            self.clips = clips
            self.speakers = speakers
            self.skipped = skipped
            self.stages = stages
            self.differingScores = differingScores
        }
    }
}

extension Report.Accuracy {
    package init(_ report: EvaluationReport, data: String) {
        func stage(
            _ name: String, _ matrix: ConfusionMatrix, _ comparison: PairedComparison?
        ) -> Stage {
            Stage(
                name: name, all: matrix.accuracy(),
                withoutSilence: report.silence.map { matrix.accuracy(leaving: $0) },
                againstFloat: comparison)
        }
        self.init(
            data: data, clips: report.clips, speakers: report.speakers.count,
            skipped: report.skipped.values.reduce(0, +),
            stages: [
                stage("float", report.float, nil),
                stage("features at 8 bits", report.features, report.featuresAgainstFloat),
            ]
                + report.steps.map { stage("after \($0.name)", $0.matrix, $0.againstFloat) }
                + [stage("integers, in the C library", report.library, report.againstFloat)],
            differingScores: report.differingScores)
    }
}
