// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Bits and sparsity.
    var layers: Markup? {
        guard !report.layers.isEmpty else { return nil }
        var table = Table([
            .text("layer"), .text("kernel"), .text("output"), .number("activation, bits"),
            .number("MACs"), .number("weights"), .number("width, bits"), .number("stored, bits"),
            .number("levels used"), .number("zeros, %"), .drawing("share of zeros"),
        ])
        for layer in report.layers {
            let head: [Markup] = [
                .text(layer.name), .text(layer.kernel),
                .text(layer.output.map(String.init).joined(separator: "\u{D7}")),
                .text(String(layer.activationBits)), .text(Figures.grouped(layer.macs)),
            ]
            guard let weights = layer.weights else {
                table.add(head + ["\u{2013}", "", "", "", "", ""])
                continue
            }
            table.add(
                head + [
                    .text(Figures.grouped(weights.count)), .text(String(weights.bits)),
                    .text(Figures.fixed(weights.storedBits, 2)),
                    .text("\(weights.histogram.levelsUsed) of \(weights.histogram.levels.count)"),
                    .text(Figures.percent(weights.sparsity, 1)),
                    Bar.stack(
                        [(weights.sparsity, "zero")],
                        label: "\(layer.name): \(Figures.percent(weights.sparsity, 1)) % zeros"),
                ])
        }
        return section(
            "Bits and sparsity",
            "Width: bits that a weight's level needs. Stored: bits that a weight takes in flash, with "
                + "filling, and with indices where zeros are left out.",
            [table.markup])
    }

    /// Why weights are stored as they are.
    var storage: Markup? {
        let chosen = report.layers.filter { $0.storage != nil }
        guard !chosen.isEmpty else { return nil }
        var table = Table([.text("layer"), .text("stored"), .text("because")])
        for layer in chosen {
            table.add([
                .text(layer.name), .text(layer.storage?.form ?? ""),
                .text(layer.storage?.reason ?? ""),
            ])
        }
        return section(
            "Dense or sparse", "How the weights of each layer are stored, and why.", [table.markup])
    }
}
