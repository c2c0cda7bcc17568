// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import KWSEvaluate

/// A DET curve as SVG: false alarms an hour to the right, on a logarithmic scale, misses upward.
package struct CurveDrawing {
    private let curve: DetectionCurve
    private let title: String
    private let left = 60.0
    private let top = 40.0
    private let width = 520.0
    private let height = 320.0
    /// Powers of ten of the horizontal scale.
    private let decades: ClosedRange<Int>

    package init(_ curve: DetectionCurve, title: String) {
        self.curve = curve
        self.title = title
        // Down to what a single false alarm would be, and as far up as there are any.
        let least = curve.hours > 0 ? log10(1 / curve.hours) : -1
        let most = curve.frontier.last.map { log10(max(1, $0.falseAlarmsPerHour)) } ?? 1
        let low = Int(min(-1, max(-4, least.rounded(.down))))
        decades = low...max(low + 1, min(5, Int(most.rounded(.up))))
    }

    /// The text of a file.
    package var text: String {
        tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 620 420", "width": "620",
                "font-family": "sans-serif", "font-size": "12",
            ],
            [
                tag("title", [:], [.text(title)]),
                tag("rect", ["width": "620", "height": "420", "fill": "white"]),
                words(title, left, 22, "start"),
            ] + grid + [line]
        ).written
    }

    private func x(_ falseAlarmsPerHour: Double) -> Double {
        let low = Double(decades.lowerBound)
        let place = falseAlarmsPerHour > 0 ? max(low, log10(falseAlarmsPerHour)) : low
        return left + width * min(1, (place - low) / Double(decades.count - 1))
    }

    private func y(_ misses: Double) -> Double { top + height * (1 - misses) }

    private var grid: [Markup] {
        let columns = decades.flatMap { power in
            let place = x(pow(10, Double(power)))
            return [
                rule(place, top, place, top + height),
                words(
                    JSON.decimal(pow(10, Double(power)), digits: 4), place, top + height + 18,
                    "middle"),
            ]
        }
        let rows = stride(from: 0, through: 100, by: 20).flatMap { percent in
            let place = y(Double(percent) / 100)
            return [
                rule(left, place, left + width, place),
                words("\(percent) %", left - 8, place + 4, "end"),
            ]
        }
        return columns + rows + [
            words("false alarms an hour", left + width / 2, top + height + 40, "middle"),
            words("missed", left - 8, top - 10, "end"),
        ]
    }

    /// A threshold holds until the next one has more false alarms: steps.
    private var line: Markup {
        var path = "M\(Figures.place(left)) \(Figures.place(y(1)))"
        var last = y(1)
        for point in curve.frontier {
            let across = Figures.place(x(point.falseAlarmsPerHour))
            path += "L\(across) \(Figures.place(last))"
            last = y(point.misses.value)
            path += "L\(across) \(Figures.place(last))"
        }
        path += "L\(Figures.place(left + width)) \(Figures.place(last))"
        return tag(
            "path", ["d": path, "fill": "none", "stroke": "#0072b2", "stroke-width": "2"])
    }

    private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Markup {
        tag(
            "line",
            [
                "x1": Figures.place(x1), "y1": Figures.place(y1), "x2": Figures.place(x2),
                "y2": Figures.place(y2), "stroke": "#ddd",
            ])
    }

    private func words(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> Markup {
        tag(
            "text",
            ["x": Figures.place(x), "y": Figures.place(y), "text-anchor": anchor], [.text(text)])
    }
}
