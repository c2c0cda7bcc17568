// SPDX-License-Identifier: Apache-2.0

extension EvaluationReport {
    /// The report for people: accuracies in percent, losses in points, the confusion matrix.
    package var text: String {
        var lines = ["\(model): \(clips) clips, \(speakers.count) speakers"]
        if !skipped.isEmpty {
            let labels = skipped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append(
                "left out, no class for: " + labels.joined(separator: ", "))
        }
        lines.append("")
        lines.append(Self.row("", ["right", "accuracy %", "95 % (Wilson)", "without silence %"]))
        for (name, matrix) in [
            ("float", float), ("float on 8-bit features", features),
            ("integer reference", integer), ("C library", library),
        ] {
            let all = matrix.accuracy()
            let words = silence.map { Self.percent(matrix.accuracy(leaving: $0).value) }
            lines.append(
                Self.row(
                    name,
                    [
                        "\(all.successes)", Self.percent(all.value), Self.percent(all.interval),
                        words ?? "-",
                    ]))
        }
        lines.append("")
        lines += comparison("C library against float", againstFloat)
        lines += comparison("8-bit features against float", featuresAgainstFloat)
        lines.append("scores that differ between reference and library: \(differingScores)")
        if !speakers.isEmpty {
            lines.append(
                "mean over speakers: \(Self.percent(meanSpeakerAccuracy)) % (C library)")
        }
        return (lines + ["", "C library, true class by chosen class:"] + confusion)
            .joined(separator: "\n") + "\n"
    }

    private func comparison(_ title: String, _ pair: PairedComparison) -> [String] {
        [
            "\(title): agreement \(Self.percent(pair.agreement)) %, "
                + "\(pair.firstOnly) right -> wrong, \(pair.secondOnly) wrong -> right, "
                + "net loss \(Self.percent(pair.loss)) points, "
                + "95 % (Newcombe 10, paired) \(Self.percent(pair.lossInterval))"
        ]
    }

    private var confusion: [String] {
        let names = classes.map { String($0.prefix(7)) }
        return [Self.row("", names, width: 8)]
            + zip(classes, library.counts).map { name, counts in
                Self.row(name, counts.map { $0 == 0 ? "." : "\($0)" }, width: 8)
            }
    }

    /// A name and right-aligned cells.
    private static func row(_ name: String, _ cells: [String], width: Int = 19) -> String {
        let title = name + String(repeating: " ", count: max(1, 24 - name.count))
        return title
            + cells.map { String(repeating: " ", count: max(1, width - $0.count)) + $0 }.joined()
    }

    private static func percent(_ value: Double) -> String {
        JSON.decimal(100 * value, digits: 2)
    }

    private static func percent(_ range: ClosedRange<Double>) -> String {
        "\(percent(range.lowerBound)) .. \(percent(range.upperBound))"
    }
}
