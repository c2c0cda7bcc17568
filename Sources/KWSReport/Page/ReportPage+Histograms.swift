// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Float weights and the levels that they became, a drawing for each layer.
    var histograms: Markup? {
        let layers = report.layers.filter { $0.weights != nil }
        guard !layers.isEmpty else { return nil }
        return section(
            "Weights and levels",
            "Each weight is divided by the step of its output channel. Grey: the float weights; those "
                + "beyond the edge are counted in the outer bar. Blue: how many have become each level; an "
                + "arrow, how many, where they are more than there is room for.",
            [
                legend([("float", "float weights"), ("weights", "stored levels")]),
                tag(
                    "div", ["class": "tiles"],
                    layers.compactMap { layer in
                        layer.weights.map { tile(layer.name, $0) }
                    }),
            ])
    }

    private func tile(_ name: String, _ weights: Report.Weights) -> Markup {
        let histogram = weights.histogram
        return tag(
            "figure", [:],
            [
                tag(
                    "figcaption", [:],
                    [
                        tag("b", [:], [.text(name)]),
                        .text(
                            "\(Figures.grouped(weights.count)) weights, \(weights.bits) bits, "
                                + "\(histogram.levelsUsed) of \(histogram.levels.count) levels, "
                                + "\(Figures.percent(weights.sparsity, 1))\u{A0}% zeros"),
                    ]),
                HistogramDrawing(weights, name: name).markup,
            ])
    }
}

/// Densities of float weights as bars, counts of levels as stems, on one scale: weights a step.
struct HistogramDrawing {
    private let weights: Report.Weights
    private let name: String
    private let left = 4.0
    private let top = 16.0
    private let width = 232.0
    private let height = 84.0

    init(_ weights: Report.Weights, name: String) {
        self.weights = weights
        self.name = name
    }

    private var histogram: WeightHistogram { weights.histogram }
    private var half: Int { histogram.levels.count / 2 }

    /// Bars for as many float weights as are stored, in weights a step.
    private var densities: [Double] {
        let all = histogram.bins.reduce(0, +)
        guard all > 0 else { return [] }
        let factor = Double(weights.count) / (Double(all) * histogram.binWidth)
        return histogram.bins.map { Double($0) * factor }
    }

    /// Levels that may hide all others: zero, and of 8 bits the outer ones, of which each channel has
    /// one at least.
    private var peaks: [Int] { half == 128 ? [half - 127, half, half + 127] : [half] }

    /// The top of the scale: that of the levels but the peaks where these would hide them.
    private var most: Double {
        var others = histogram.levels
        for peak in peaks { others[peak] = 0 }
        let bars = densities.enumerated().filter { index, _ in
            let start = histogram.low + Double(index) * histogram.binWidth
            return !peaks.contains { peak in
                let level = Double(peak - half)
                return start < level + 0.5 && start + histogram.binWidth > level - 0.5
            }
        }
        let rest = max(Double(others.max() ?? 0), bars.map(\.element).max() ?? 0)
        let peak = Double(histogram.levels.max() ?? 0)
        return rest > 0 && peak > 2 * rest ? 1.25 * rest : max(rest, peak, densities.max() ?? 0, 1)
    }

    private func x(_ steps: Double) -> Double {
        left + width * (steps - histogram.low) / (-2 * histogram.low)
    }

    private func y(_ density: Double) -> Double { top + height * (1 - min(1, density / most)) }

    var markup: Markup {
        var shapes: [Markup] = []
        let base = Figures.place(top + height)
        if !densities.isEmpty {
            var path = "M\(Figures.place(left)) \(base)"
            for (index, density) in densities.enumerated() {
                let start = x(histogram.low + Double(index) * histogram.binWidth)
                let end = x(histogram.low + Double(index + 1) * histogram.binWidth)
                path +=
                    "L\(Figures.place(start)) \(Figures.place(y(density)))L\(Figures.place(end)) "
                    + Figures.place(y(density))
            }
            path += "L\(Figures.place(left + width)) \(base)Z"
            shapes.append(tag("path", ["d": path, "class": "float"]))
        }
        shapes.append(
            tag(
                "line",
                [
                    "x1": Figures.place(left), "x2": Figures.place(left + width), "y1": base,
                    "y2": base, "class": "axis",
                ]))
        let stems = histogram.levels.enumerated().filter { $0.element > 0 }.map { level, count in
            "M\(Figures.place(x(Double(level - half)))) \(base)V"
                + Figures.place(y(Double(count)))
        }
        // As thin as many levels ask, as wide as few allow.
        let stem = min(6, 0.45 * width / Double(2 * half))
        shapes.append(
            tag(
                "path",
                [
                    "d": stems.joined(), "class": "stems",
                    "style": "stroke-width:\(Figures.place(stem))",
                ]))
        for peak in peaks where Double(histogram.levels[peak]) > most {
            shapes.append(
                label(
                    "\(Figures.grouped(histogram.levels[peak])) \u{2191}",
                    at: x(Double(peak - half)), top - 4, anchor(peak - half)))
        }
        let ends = half == 128 ? [-127, 0, 127] : [-half, 0, half - 1]
        for level in half <= 4 ? Array(-half..<half) : ends {
            shapes.append(
                label(
                    level < 0 ? "\u{2212}\(-level)" : "\(level)", at: x(Double(level)),
                    top + height + 13, anchor(level)))
        }
        return tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 240 118", "width": "100%",
                "role": "img",
            ], [tag("title", [:], ["Weights of \(name)"])] + shapes)
    }

    /// Labels of the outer levels of 8 bits end at the edge.
    private func anchor(_ level: Int) -> String {
        half < 128 || level == 0 ? "middle" : level < 0 ? "start" : "end"
    }

    private func label(_ text: String, at x: Double, _ y: Double, _ anchor: String) -> Markup {
        tag(
            "text", ["x": Figures.place(x), "y": Figures.place(y), "text-anchor": anchor],
            [.text(text)])
    }
}
