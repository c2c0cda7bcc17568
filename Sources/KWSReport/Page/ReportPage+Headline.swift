// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

extension ReportPage {
    var headline: Markup? {
        let sizes = report.sizes
        func bytes(_ value: Int) -> String { "\(Figures.grouped(value)) B" }
        let heard = report.accuracy?.stages.last.map {
            [
                (
                    "hears right",
                    "\(Figures.percent($0.all.value)) % of \(Figures.grouped($0.all.trials))"
                )
            ]
        }
        return tag(
            "header", [:],
            [
                tag("h1", [:], [.text(report.model)]),
                tag(
                    "p", ["class": "note"],
                    [
                        .text(
                            "Compiled for kernels of variant \(report.variant), from a source of "
                                + "checksum (CRC-32) \(report.checksum).")
                    ]),
                tag(
                    "div", ["class": "big"],
                    [
                        facts(
                            [
                                ("weights and per-channel data", bytes(sizes.tables)),
                                ("RAM of the network", bytes(sizes.arena)),
                                ("multiply-accumulates", Figures.grouped(report.macs)),
                            ] + (heard ?? []))
                    ]),
                facts([
                    ("whole model block", bytes(sizes.block)),
                    ("front end tables", bytes(sizes.frontEndTables)),
                    (
                        "RAM of an instance",
                        "\(bytes(sizes.instance)) + KWS_INSTANCE_BYTES"
                    ),
                    (
                        "of it PCM, features, detector",
                        [sizes.pcmRing, sizes.features, sizes.detector].map(bytes)
                            .joined(separator: ", ")
                    ),
                    ("weights", Figures.grouped(report.weights)),
                    ("bits of a weight, mean", Figures.fixed(report.bitsPerWeight, 2)),
                    ("bits of an activation, mean", Figures.fixed(report.bitsPerActivation, 2)),
                    ("weights that are zero", "\(Figures.percent(report.sparsity)) %"),
                    ("ranges from", report.calibration ?? "synthetic sounds"),
                    ("labels", report.labels.joined(separator: ", ")),
                    (
                        "a decision computes",
                        ([report.execution.text] + [report.execution.saving].compactMap { $0 })
                            .joined(separator: "; ")
                    ),
                    ("kernels", report.kernels.joined(separator: ", ")),
                    (
                        "code, stack, instructions",
                        "depend on core and compiler; kwsc bench counts them"
                    ),
                ]),
            ])
    }

    /// What was done, in order.
    var steps: Markup? {
        guard !report.steps.isEmpty else { return nil }
        return section(
            "Steps", "What the compiler did, in order.",
            [
                tag(
                    "ol", [:],
                    report.steps.map { step in
                        var listed = step.facts
                        if let isRetrained = step.isRetrained {
                            listed.append(("retrained", isRetrained ? "yes" : "no"))
                        }
                        return tag(
                            "li", [:],
                            [
                                tag("b", [:], [.text(step.name)]), ": ", .text(step.summary),
                                facts(listed),
                            ])
                    })
            ])
    }
}
