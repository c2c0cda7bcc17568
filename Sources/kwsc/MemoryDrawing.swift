// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A memory plan as SVG: layers to the right, addresses upward.
struct MemoryDrawing {
    private let graph: QuantGraph
    private let plan: MemoryPlan
    /// Pixels of a step, of the arena, and around it.
    private let step = 106.0
    private let height = 620.0
    private let left = 70.0
    private let top = 80.0
    private let bottom = 90.0

    init(_ graph: QuantGraph, _ plan: MemoryPlan) {
        (self.graph, self.plan) = (graph, plan)
    }

    /// Step -1, before the first layer, is the first column.
    private var steps: Int { graph.layers.count + 1 }
    private var width: Double { left + Double(steps) * step + 20 }

    var text: String {
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) "
                + "\(number(top + height + bottom))\" font-family=\"sans-serif\" font-size=\"11\">",
            "<title>\(escaped(graph.name)): \(plan.arenaBytes) bytes</title>",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            "<text x=\"\(number(left))\" y=\"20\" font-size=\"15\">Memory of "
                + "\(escaped(graph.name)): \(plan.arenaBytes) bytes</text>",
            "<text x=\"\(number(left - 6))\" y=\"\(number(top - 14))\" text-anchor=\"end\">bytes</text>",
        ]
        lines += legend + axes
        // Long-lived ones first, so that what trails in a ring stands in front of it.
        for lifetime in plan.lifetimes.sorted(by: { $0.steps.count > $1.steps.count }) {
            lines += box(lifetime)
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private var legend: [String] {
        let entries: [(MemoryPlan.Lifetime.Kind, String)] = [
            (.tensor, "whole tensor"), (.rows(1, of: 2), "rows that are still needed"),
            (.scratch, "scratch"), (.progress, "row counts"),
        ]
        var lines: [String] = []
        for (place, entry) in entries.enumerated() {
            let x = left + Double(place) * 170
            lines.append(
                "<rect x=\"\(number(x))\" y=\"32\" width=\"14\" height=\"12\" \(style(entry.0))/>"
                    + "<text x=\"\(number(x + 20))\" y=\"42\">\(entry.1)</text>")
        }
        let x = left + Double(entries.count) * 170
        if plan.chained.contains(true) {
            lines.append(
                "<line x1=\"\(number(x))\" x2=\"\(number(x + 14))\" y1=\"38\" y2=\"38\" "
                    + "stroke=\"#c33\" stroke-width=\"3\"/>"
                    + "<text x=\"\(number(x + 20))\" y=\"42\">layers that take turns, row by row</text>"
            )
        }
        return lines
    }

    private var axes: [String] {
        var lines: [String] = []
        let tick =
            [64, 256, 1024, 4096, 16384, 65536].first { plan.arenaBytes / $0 <= 12 } ?? 1 << 20
        for address in Array(stride(from: 0, to: plan.arenaBytes, by: tick)) + [plan.arenaBytes] {
            let y = number(self.y(address))
            lines.append(
                "<line x1=\"\(number(left))\" x2=\"\(number(width - 20))\" y1=\"\(y)\" y2=\"\(y)\" "
                    + "stroke=\"#ddd\"/><text x=\"\(number(left - 6))\" y=\"\(y)\" "
                    + "text-anchor=\"end\">\(address)</text>")
        }
        for index in -1..<graph.layers.count {
            let name = index < 0 ? "input" : graph.layers[index].name
            let (x, y) = (number(self.x(index) + step / 2), number(top + height + 16))
            lines.append(
                "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"end\" "
                    + "transform=\"rotate(-35 \(x) \(y))\">\(escaped(name))</text>")
            if index >= 0, plan.chained[index] {
                lines.append(
                    "<line x1=\"\(number(self.x(index - 1) + 8))\" "
                        + "x2=\"\(number(self.x(index + 1) - 8))\" y1=\"\(number(top - 12))\" "
                        + "y2=\"\(number(top - 12))\" stroke=\"#c33\" stroke-width=\"3\"/>")
            }
        }
        return lines
    }

    /// A box with as much of its label as it has room for; the whole of it as the tool tip.
    private func box(_ lifetime: MemoryPlan.Lifetime) -> [String] {
        let (x0, x1) = (x(lifetime.steps.lowerBound), x(lifetime.steps.upperBound + 1))
        let (y0, y1) = (y(lifetime.range.end), y(lifetime.range.offset))
        var size = "\(lifetime.range.bytes) B"
        if case .rows(let rows, let all) = lifetime.kind { size += ", \(rows) of \(all) rows" }
        let name = escaped(lifetime.name)
        let middle = (y1 - y0) / 2 + 4
        let labels: [(String, Double)] =
            switch y1 - y0 {
            case 28...: [(name, middle - 6), (size, middle + 7)]
            case 12...: [("\(name): \(size)", middle)]
            default: []
            }
        let text = labels.map { "<text x=\"4\" y=\"\(number($0.1))\">\($0.0)</text>" }.joined()
        return [
            "<svg x=\"\(number(x0 + 1))\" y=\"\(number(y0))\" width=\"\(number(x1 - x0 - 2))\" "
                + "height=\"\(number(y1 - y0))\"><title>\(name): \(size), at "
                + "\(lifetime.range.offset)</title><rect width=\"100%\" height=\"100%\" "
                + "\(style(lifetime.kind))/>\(text)</svg>"
        ]
    }

    private func style(_ kind: MemoryPlan.Lifetime.Kind) -> String {
        switch kind {
        case .tensor: "fill=\"#9ecae1\" stroke=\"#444\""
        case .rows: "fill=\"#a1d99b\" stroke=\"#444\" stroke-dasharray=\"6 3\""
        case .scratch: "fill=\"#fdae6b\" stroke=\"#444\""
        case .progress: "fill=\"#bcbddc\" stroke=\"#444\""
        }
    }

    private func x(_ index: Int) -> Double { left + Double(index + 1) * step }

    private func y(_ address: Int) -> Double {
        top + height * (1 - Double(address) / Double(max(1, plan.arenaBytes)))
    }

    private func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
