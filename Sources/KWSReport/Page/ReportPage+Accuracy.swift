// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

extension ReportPage {
    /// Before and after each step.
    var accuracy: Markup? {
        guard let accuracy = report.accuracy else {
            return section(
                "Accuracy",
                "Not measured: kwsc compile takes labelled recordings by --evaluate DIR.", [])
        }
        let right = hull(accuracy.stages.map(\.all.interval), 0...1)
        let losses = hull(
            accuracy.stages.compactMap(\.againstFloat?.lossInterval) + [0...0], -1...1)
        var table = Table([
            .text("stage"), .number("right"), .number("accuracy, %"),
            .number("without silence, %"), .drawing(ends("accuracy, %", right)),
            .number("loss, points"), .drawing(ends("loss, points", losses)),
            .number("to wrong"), .number("to right"),
        ])
        for stage in accuracy.stages {
            let loss = stage.againstFloat
            table.add([
                .text(stage.name), .text(Figures.grouped(stage.all.successes)),
                .text(Figures.percent(stage.all.value)),
                .text(stage.withoutSilence.map { Figures.percent($0.value) } ?? "\u{2013}"),
                Bar.interval(
                    stage.all.value, stage.all.interval, on: right,
                    label: "\(stage.name): \(Figures.percent(stage.all.value)) %, interval "
                        + Figures.percent(stage.all.interval)),
                .text(loss.map { Figures.percent($0.loss) } ?? "\u{2013}"),
                loss.map {
                    Bar.interval(
                        $0.loss, $0.lossInterval, on: losses, mark: 0,
                        label: "\(stage.name): loss \(Figures.percent($0.loss)) points, interval "
                            + Figures.percent($0.lossInterval))
                } ?? "",
                .text(loss.map { Figures.grouped($0.firstOnly) } ?? "\u{2013}"),
                .text(loss.map { Figures.grouped($0.secondOnly) } ?? "\u{2013}"),
            ])
        }
        return section("Accuracy", note(accuracy), [table.markup])
    }

    private func note(_ accuracy: Report.Accuracy) -> String {
        var text =
            "\(Figures.grouped(accuracy.clips)) clips of \(accuracy.data)"
            + (accuracy.speakers > 0 ? ", \(Figures.grouped(accuracy.speakers)) speakers" : "")
        if accuracy.skipped > 0 {
            text += "; \(Figures.grouped(accuracy.skipped)) left out, whose label is no class"
        }
        text +=
            ". Intervals are of 95 %: Wilson's for accuracy, Newcombe's for the loss against float, "
            + "which is paired clip by clip: so many went to wrong, so many to right. "
        text +=
            accuracy.differingScores == 0
            ? "Every score of the C library is that of the Swift reference."
            : "\(Figures.grouped(accuracy.differingScores)) scores differ between C library and "
                + "Swift reference."
        return text
    }

    /// A title above the ends of a scale.
    private func ends(_ title: String, _ scale: ClosedRange<Double>) -> Markup {
        tag(
            "div", [:],
            [
                .text(title),
                tag(
                    "div", ["class": "ends"],
                    [scale.lowerBound, scale.upperBound].map {
                        tag("span", [:], [.text(Figures.percent($0, 1))])
                    }),
            ])
    }

    /// What holds all intervals, out to tenths of a percent.
    private func hull(
        _ intervals: [ClosedRange<Double>], _ limits: ClosedRange<Double>
    ) -> ClosedRange<Double> {
        let lower = intervals.map(\.lowerBound).min() ?? limits.lowerBound
        let upper = intervals.map(\.upperBound).max() ?? limits.upperBound
        return ((lower * 1000).rounded(.down) / 1000)...((upper * 1000).rounded(.up) / 1000)
    }
}
