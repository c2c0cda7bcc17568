// SPDX-License-Identifier: Apache-2.0

/// Drawings that fill a cell of a table, in parts of its width.
enum Bar {
    /// Lengths side by side, from the left, in front of another one.
    ///
    /// - Parameters:
    ///   - parts: fractions of the width, with their classes.
    ///   - behind: a fraction of the width.
    static func stack(
        _ parts: [(share: Double, style: String)], behind: Double = 0, label: String
    ) -> Markup {
        var start = 0.0
        var shapes = behind > 0 ? [rectangle(0, behind, "float")] : []
        for part in parts where part.share > 0 {
            shapes.append(rectangle(start, part.share, part.style))
            start += part.share
        }
        return drawing(label, shapes)
    }

    /// A value and its interval on a scale.
    ///
    /// - Parameter mark: a value to draw a line at, as zero.
    static func interval(
        _ value: Double, _ interval: ClosedRange<Double>, on scale: ClosedRange<Double>,
        mark: Double? = nil, label: String
    ) -> Markup {
        func place(_ value: Double) -> String {
            let width = max(scale.upperBound - scale.lowerBound, 1e-9)
            // A margin for the dot.
            return Figures.place(2 + 96 * (value - scale.lowerBound) / width) + "%"
        }
        var shapes: [Markup] = []
        if let mark {
            shapes.append(
                tag(
                    "line",
                    [
                        "x1": place(mark), "x2": place(mark), "y1": "0", "y2": "16",
                        "class": "grid",
                    ]))
        }
        shapes.append(
            tag(
                "line",
                [
                    "x1": place(interval.lowerBound), "x2": place(interval.upperBound), "y1": "8",
                    "y2": "8", "class": "whisker",
                ]))
        shapes.append(tag("circle", ["cx": place(value), "cy": "8", "r": "4", "class": "dot"]))
        return drawing(label, shapes)
    }

    private static func rectangle(_ start: Double, _ width: Double, _ style: String) -> Markup {
        tag(
            "rect",
            [
                "x": Figures.place(100 * start) + "%", "y": "1",
                "width": Figures.place(100 * width) + "%", "height": "14", "class": style,
            ])
    }

    private static func drawing(_ label: String, _ shapes: [Markup]) -> Markup {
        tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "bar", "width": "100%",
                "height": "16", "role": "img",
            ],
            [tag("title", [:], [.text(label)])] + shapes)
    }
}
