// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// A curve for each layer, all on one scale.
    var sensitivity: Markup? {
        guard let sensitivity = report.sensitivity, !sensitivity.layers.isEmpty else { return nil }
        let most = sensitivity.layers.flatMap(\.points).map(\.loss).max() ?? 0
        let chosen = Dictionary(
            report.layers.compactMap { layer in layer.weights.map { (layer.name, $0.bits) } },
            uniquingKeysWith: { first, _ in first })
        return section(
            "Sensitivity",
            "What narrowing the weights of one layer alone costs: \(sensitivity.measure). All curves "
                + "have the same scale; a ring marks the width that was chosen.",
            [
                tag(
                    "div", ["class": "tiles"],
                    sensitivity.layers.map { curve in
                        tag(
                            "figure", [:],
                            [
                                tag("figcaption", [:], [tag("b", [:], [.text(curve.layer)])]),
                                drawing(curve, most: most, chosen: chosen[curve.layer]),
                            ])
                    })
            ])
    }

    private func drawing(_ curve: Sensitivity.Curve, most: Double, chosen: Int?) -> Markup {
        let (left, top, width, height) = (14.0, 22.0, 212.0, 78.0)
        func x(_ index: Int) -> Double {
            left + width * Double(index) / Double(max(1, curve.points.count - 1))
        }
        func y(_ loss: Double) -> Double { top + height * (1 - loss / max(most, 1e-12)) }
        var shapes = [
            tag(
                "line",
                [
                    "x1": Figures.place(left), "x2": Figures.place(left + width),
                    "y1": Figures.place(top + height), "y2": Figures.place(top + height),
                    "class": "axis",
                ])
        ]
        let path = curve.points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(Figures.place(x(index))) \(Figures.place(y(point.loss)))"
        }
        shapes.append(tag("path", ["d": path.joined(), "class": "curve"]))
        for (index, point) in curve.points.enumerated() {
            let (cx, cy) = (Figures.place(x(index)), y(point.loss))
            let anchor =
                index == 0 ? "start" : index == curve.points.count - 1 ? "end" : "middle"
            if point.bits == chosen {
                shapes.append(
                    tag("circle", ["cx": cx, "cy": Figures.place(cy), "r": "6", "class": "ring"]))
            }
            shapes += [
                tag("circle", ["cx": cx, "cy": Figures.place(cy), "r": "3", "class": "dot"]),
                tag(
                    "text", ["x": cx, "y": Figures.place(cy - 9), "text-anchor": anchor],
                    [.text(Figures.significant(point.loss))]),
                tag(
                    "text",
                    ["x": cx, "y": Figures.place(top + height + 15), "text-anchor": anchor],
                    [.text(index == 0 ? "\(point.bits) bits" : "\(point.bits)")]),
            ]
        }
        return tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 240 120", "width": "100%",
                "role": "img",
            ],
            [tag("title", [:], ["Sensitivity of \(curve.layer)"])] + shapes)
    }
}
