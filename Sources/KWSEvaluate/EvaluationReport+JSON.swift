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
        var members: [(String, JSON)] = matrix.accuracy().members
        members.append(
            ("confusion", .array(matrix.counts.map { .array($0.map { .integer($0) }) })))
        if let silence {
            members.append(
                ("without_silence", .object(matrix.accuracy(leaving: silence).members)))
        }
        return .object(members + (comparison?.members ?? []))
    }
}

extension Proportion {
    /// As in the keys of `kwsc evaluate --json`.
    package var members: [(String, JSON)] {
        [
            ("accuracy", .number(value)),
            ("right", .integer(successes)),
            ("clips", .integer(trials)),
            ("interval", .range(interval)),
        ]
    }
}

extension PairedComparison {
    /// As in the keys of `kwsc evaluate --json`.
    package var members: [(String, JSON)] {
        [
            ("agreement", .number(agreement)),
            ("flips_to_wrong", .integer(firstOnly)),
            ("flips_to_right", .integer(secondOnly)),
            ("loss", .number(loss)),
            ("loss_interval", .range(lossInterval)),
        ]
    }
}

extension JSON {
    fileprivate static func range(_ range: ClosedRange<Double>) -> JSON {
        .array([.number(range.lowerBound), .number(range.upperBound)])
    }
}
