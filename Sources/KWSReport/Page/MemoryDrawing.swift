// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A memory plan as SVG: layers to the right, addresses upward.
package struct MemoryDrawing {
    private let graph: QuantGraph
    private let plan: MemoryPlan
    /// Pixels of a step, of the arena, and around it.
    private let step = 106.0
    private let height = 620.0
    private let left = 70.0
    private let top = 80.0
    private let bottom = 90.0

    package init(_ graph: QuantGraph, _ plan: MemoryPlan) {
        (self.graph, self.plan) = (graph, plan)
    }

    /// Step -1, before the first layer, is the first column.
    private var steps: Int { graph.layers.count + 1 }
    /// With room for the legend, however few they are.
    private var width: Double {
        max(left + Double(steps) * step + 20, plan.chained.contains(true) ? 970 : 700)
    }

    /// The text of a file.
    package var text: String { markup.written }

    var markup: Markup {
        let title = "Memory of \(graph.name): \(plan.arenaBytes) bytes"
        var shapes = [
            tag("title", [:], [.text(title)]),
            rectangle(0, 0, width, top + height + bottom, ["fill": "white"]),
            label(title, left, 20, ["font-size": "15"]),
            label("bytes", left - 6, top - 14, ["text-anchor": "end"]),
        ]
        shapes += legend + addresses + names
        // Long-lived ones first, so that what trails in a ring stands in front of it.
        for lifetime in plan.lifetimes.sorted(by: { $0.steps.count > $1.steps.count }) {
            shapes.append(box(lifetime))
        }
        return tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": "0 0 \(Figures.place(width)) \(Figures.place(top + height + bottom))",
                "width": Figures.place(width),
                "style": "min-width:\(Figures.place(0.75 * width))px",
                "font-family": "sans-serif", "font-size": "11",
            ], shapes)
    }

    private var legend: [Markup] {
        let entries: [(MemoryPlan.Lifetime.Kind, String)] = [
            (.tensor, "whole tensor"), (.rows(1, of: 2), "rows that are still needed"),
            (.scratch, "scratch"), (.progress, "row counts"),
        ]
        var shapes: [Markup] = []
        for (place, entry) in entries.enumerated() {
            let x = left + Double(place) * 170
            shapes += [
                rectangle(x, 32, 14, 12, style(entry.0)), label(entry.1, x + 20, 42),
            ]
        }
        let x = left + Double(entries.count) * 170
        if plan.chained.contains(true) {
            shapes += [
                line(x, 38, x + 14, 38, MemoryDrawing.turns),
                label("layers that take turns, row by row", x + 20, 42),
            ]
        }
        return shapes
    }

    private var addresses: [Markup] {
        let tick =
            [64, 256, 1024, 4096, 16384, 65536].first { plan.arenaBytes / $0 <= 12 } ?? 1 << 20
        // The last one has its own label.
        let ticks = stride(from: 0, to: plan.arenaBytes, by: tick)
            .filter { y($0) - y(plan.arenaBytes) >= 12 }
        return (ticks + [plan.arenaBytes]).flatMap { address in
            [
                line(left, y(address), width - 20, y(address), ["stroke": "#ddd"]),
                label("\(address)", left - 6, y(address) + 4, ["text-anchor": "end"]),
            ]
        }
    }

    private var names: [Markup] {
        (-1..<graph.layers.count).flatMap { index in
            let name = index < 0 ? "input" : graph.layers[index].name
            let (x, y) = (self.x(index) + step / 2, top + height + 16)
            var shapes = [
                label(
                    name, x, y,
                    [
                        "text-anchor": "end",
                        "transform": "rotate(-35 \(Figures.place(x)) \(Figures.place(y)))",
                    ])
            ]
            if index >= 0, plan.chained[index] {
                shapes.append(
                    line(
                        self.x(index - 1) + 8, top - 12, self.x(index + 1) - 8, top - 12,
                        MemoryDrawing.turns))
            }
            return shapes
        }
    }

    /// A box with as much of its label as it has room for; the whole of it as the tool tip.
    private func box(_ lifetime: MemoryPlan.Lifetime) -> Markup {
        let (x0, x1) = (x(lifetime.steps.lowerBound), x(lifetime.steps.upperBound + 1))
        let (y0, y1) = (y(lifetime.range.end), y(lifetime.range.offset))
        var size = "\(lifetime.range.bytes) B"
        if case .rows(let rows, let all) = lifetime.kind { size += ", \(rows) of \(all) rows" }
        let middle = (y1 - y0) / 2 + 4
        let labels: [(String, Double)] =
            switch y1 - y0 {
            case 28...: [(lifetime.name, middle - 6), (size, middle + 7)]
            case 12...: [("\(lifetime.name): \(size)", middle)]
            default: []
            }
        return tag(
            "svg",
            [
                "x": Figures.place(x0 + 1), "y": Figures.place(y0),
                "width": Figures.place(x1 - x0 - 2), "height": Figures.place(y1 - y0),
            ],
            [
                tag("title", [:], ["\(lifetime.name): \(size), at \(lifetime.range.offset)"]),
                shape("rect", style(lifetime.kind), ["width": "100%", "height": "100%"]),
            ] + labels.map { label(shortened($0.0, to: x1 - x0 - 10), 4, $0.1) })
    }

    /// As much of a text as there is room for; a letter of this size is 6 pixels wide.
    private func shortened(_ text: String, to width: Double) -> String {
        let letters = max(1, Int(width / 6))
        return text.count <= letters ? text : text.prefix(letters - 1) + "\u{2026}"
    }

    private func style(_ kind: MemoryPlan.Lifetime.Kind) -> KeyValuePairs<String, String> {
        switch kind {
        case .tensor: ["fill": "#9ecae1", "stroke": "#444"]
        case .rows: ["fill": "#f7e08c", "stroke": "#444", "stroke-dasharray": "6 3"]
        case .scratch: ["fill": "#e8a08a", "stroke": "#444"]
        case .progress: ["fill": "#d9d9d9", "stroke": "#444"]
        }
    }

    private static let turns: KeyValuePairs = ["stroke": "#d55e00", "stroke-width": "3"]

    private func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double,
        _ style: KeyValuePairs<String, String>
    ) -> Markup {
        shape(
            "rect", style,
            [
                "x": Figures.place(x), "y": Figures.place(y), "width": Figures.place(width),
                "height": Figures.place(height),
            ])
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double,
        _ style: KeyValuePairs<String, String>
    ) -> Markup {
        shape(
            "line", style,
            [
                "x1": Figures.place(x1), "x2": Figures.place(x2), "y1": Figures.place(y1),
                "y2": Figures.place(y2),
            ])
    }

    private func label(
        _ text: String, _ x: Double, _ y: Double, _ style: KeyValuePairs<String, String> = [:]
    ) -> Markup {
        shape("text", style, ["x": Figures.place(x), "y": Figures.place(y)], [.text(text)])
    }

    private func shape(
        _ name: String, _ style: KeyValuePairs<String, String>,
        _ place: KeyValuePairs<String, String>, _ children: [Markup] = []
    ) -> Markup {
        .element(
            name, attributes: (Array(place) + Array(style)).map { (name: $0.key, value: $0.value) },
            children: children)
    }

    private func x(_ index: Int) -> Double { left + Double(index + 1) * step }

    private func y(_ address: Int) -> Double {
        top + height * (1 - Double(address) / Double(max(1, plan.arenaBytes)))
    }
}
