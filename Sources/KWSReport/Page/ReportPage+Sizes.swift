// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Bytes of each layer, float and stored.
    var sizes: Markup? {
        let layers = report.layers.filter { $0.weights != nil || $0.channelBytes > 0 }
        guard !layers.isEmpty else { return nil }
        let most = Double(
            layers.map { max($0.weights?.floatBytes ?? 0, $0.storedBytes) }.max() ?? 1)
        var table = Table([
            .text("layer"), .text("kernel"), .number("float, B"), .number("weights, B"),
            .number("per channel, B"), .number("stored, B"), .number("of float"),
            .drawing("bytes, float and stored"),
        ])
        for layer in layers {
            let float = layer.weights?.floatBytes ?? 0
            let bytes = layer.weights?.bytes ?? 0
            table.add([
                .text(layer.name), .text(layer.kernel),
                .text(float > 0 ? Figures.grouped(float) : "\u{2013}"),
                .text(float > 0 ? Figures.grouped(bytes) : "\u{2013}"),
                .text(Figures.grouped(layer.channelBytes)),
                .text(Figures.grouped(layer.storedBytes)), .text(share(layer.storedBytes, float)),
                Bar.stack(
                    [
                        (Double(bytes) / most, "weights"),
                        (Double(layer.channelBytes) / most, "channel"),
                    ], behind: Double(float) / most,
                    label: "\(layer.name): \(float) bytes as float, \(layer.storedBytes) stored"),
            ])
        }
        let (weights, channels) = (
            layers.reduce(0) { $0 + ($1.weights?.bytes ?? 0) },
            layers.reduce(0) { $0 + $1.channelBytes }
        )
        table.sum([
            "all", "", .text(Figures.grouped(report.floatBytes)), .text(Figures.grouped(weights)),
            .text(Figures.grouped(channels)), .text(Figures.grouped(weights + channels)),
            .text(share(weights + channels, report.floatBytes)), "",
        ])
        return section(
            "Sizes",
            "Float: weights and biases in 32 bits, batch norms folded. Per channel: a multiplier of 16 "
                + "bits and a bias of 32 for each output.",
            [
                legend([
                    ("float", "float"), ("weights", "weights as stored"),
                    ("channel", "per-channel data"),
                ]), table.markup,
            ])
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        whole > 0 ? "\(Figures.percent(Double(part) / Double(whole), 1)) %" : "\u{2013}"
    }
}

extension Report.Layer {
    var storedBytes: Int { (weights?.bytes ?? 0) + channelBytes }
}
