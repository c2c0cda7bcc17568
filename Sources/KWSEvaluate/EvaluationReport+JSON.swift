// SPDX-License-Identifier: Apache-2.0

extension EvaluationReport {
    /// The keys of `kwsc evaluate --json`, as Sources/JSON.md lists them; fractions of 1.
    package var json: JSON {
        .object([
            ("model", .string(model)),
            ("clips", .integer(clips)),
            ("float", accuracy(float)),
            ("features", accuracy(features, featuresAgainstFloat)),
            ("integer", accuracy(integer)),
            ("library", accuracy(library, againstFloat)),
            ("differing_scores", .integer(differingScores)),
            (
                "speakers",
                .object([
                    ("count", .integer(speakers.count)),
                    ("mean_accuracy", .number(meanSpeakerAccuracy)),
                ])
            ),
            (
                "skipped",
                .object(
                    skipped.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
            ),
            ("classes", .array(classes.map { .string($0) })),
        ])
    }

    private func accuracy(
        _ matrix: ConfusionMatrix, _ comparison: PairedComparison? = nil
    ) -> JSON {
        var members: [(String, JSON)] = proportion(matrix.accuracy())
        members.append(
            ("confusion", .array(matrix.counts.map { .array($0.map { .integer($0) }) })))
        if let silence {
            members.append(
                ("without_silence", .object(proportion(matrix.accuracy(leaving: silence)))))
        }
        if let comparison {
            members += [
                ("agreement", .number(comparison.agreement)),
                ("flips_to_wrong", .integer(comparison.firstOnly)),
                ("flips_to_right", .integer(comparison.secondOnly)),
                ("loss", .number(comparison.loss)),
                ("loss_interval", range(comparison.lossInterval)),
            ]
        }
        return .object(members)
    }

    private func proportion(_ proportion: Proportion) -> [(String, JSON)] {
        [
            ("accuracy", .number(proportion.value)),
            ("right", .integer(proportion.successes)),
            ("clips", .integer(proportion.trials)),
            ("interval", range(proportion.interval)),
        ]
    }

    private func range(_ range: ClosedRange<Double>) -> JSON {
        .array([.number(range.lowerBound), .number(range.upperBound)])
    }
}
