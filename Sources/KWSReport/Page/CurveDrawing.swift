// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import KWSEvaluate

/// DET curves as SVG: false alarms an hour to the right, on a logarithmic scale, misses upward.
package struct CurveDrawing {
    package struct Line {
        /// What stands beside its colour.
        package var name: String
        package var curve: DetectionCurve

        package init(name: String, curve: DetectionCurve) {
            self.name = name
            self.curve = curve
        }
    }

    /// Okabe and Ito's, which people of all kinds of sight tell apart; lines beyond are dashed.
    private static let colours = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
    ]

    private let lines: [Line]
    private let left = 60.0
    private let top = 40.0
    private let width = 520.0
    private let height = 320.0
    /// Powers of ten of the horizontal scale.
    private let decades: ClosedRange<Int>

    package init(_ lines: [Line]) {
        self.lines = lines
        // Down to what a single false alarm would be, and as far up as there are any.
        let curves = lines.map(\.curve)
        let least = curves.filter { $0.hours > 0 }.map { log10(1 / $0.hours) }.min() ?? -1
        let most = curves.compactMap { $0.frontier.last?.falseAlarmsPerHour }.max() ?? 10
        let low = Int(min(-1, max(-4, least.rounded(.down))))
        decades = low...max(low + 1, min(5, Int(log10(max(1, most)).rounded(.up))))
    }

    /// The text of a file.
    package var text: String {
        tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 620 \(bottom)",
                "width": "620",
                "font-family": "sans-serif", "font-size": "12",
            ],
            [
                tag("title", [:], [.text("Misses over false alarms an hour")]),
                tag("rect", ["width": "620", "height": bottom, "fill": "white"]),
            ] + grid + lines.indices.flatMap { [line($0), legend($0)] }
        ).written
    }

    /// Below the names, which stand under the grid.
    private var bottom: String { Figures.place(top + height + 62 + 18 * Double(lines.count)) }

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
    private func line(_ index: Int) -> Markup {
        var path = "M\(Figures.place(left)) \(Figures.place(y(1)))"
        var last = y(1)
        for point in lines[index].curve.frontier {
            let across = Figures.place(x(point.falseAlarmsPerHour))
            path += "L\(across) \(Figures.place(last))"
            last = y(point.misses.value)
            path += "L\(across) \(Figures.place(last))"
        }
        path += "L\(Figures.place(left + width)) \(Figures.place(last))"
        return stroke(path, index)
    }

    private func legend(_ index: Int) -> Markup {
        let place = top + height + 62 + 18 * Double(index)
        let sample = "M\(Figures.place(left)) \(Figures.place(place - 4))h24"
        return tag(
            "g", [:],
            [stroke(sample, index), words(lines[index].name, left + 32, place, "start")])
    }

    private func stroke(_ path: String, _ index: Int) -> Markup {
        let (round, colour) = index.quotientAndRemainder(dividingBy: Self.colours.count)
        return tag(
            "path",
            [
                "d": path, "fill": "none", "stroke": Self.colours[colour], "stroke-width": "2",
                "stroke-dasharray": round == 0 ? "none" : "\(2 * round + 2) 3",
            ])
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
