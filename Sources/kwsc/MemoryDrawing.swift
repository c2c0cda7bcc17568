// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A memory plan as SVG: layers to the right, addresses upward.
struct MemoryDrawing {
    private let graph: QuantGraph
    private let plan: MemoryPlan
    /// Pixels of a step, of the arena, and around it.
    private let step = 90.0
    private let height = 620.0
    private let left = 70.0
    private let top = 30.0
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
        ]
        lines += axes
        // Long-lived ones first, so that what trails in a ring stands in front of it.
        for lifetime in plan.lifetimes.sorted(by: { $0.steps.count > $1.steps.count }) {
            lines += box(lifetime)
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
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
            // A line above layers that take turns.
            if index >= 0, plan.chained[index] {
                lines.append(
                    "<line x1=\"\(number(self.x(index - 1) + 8))\" "
                        + "x2=\"\(number(self.x(index + 1) - 8))\" y1=\"\(number(top - 12))\" "
                        + "y2=\"\(number(top - 12))\" stroke=\"#c33\" stroke-width=\"3\"/>")
            }
        }
        return lines
    }

    private func box(_ lifetime: MemoryPlan.Lifetime) -> [String] {
        let (x0, x1) = (x(lifetime.steps.lowerBound), x(lifetime.steps.upperBound + 1))
        let (y0, y1) = (y(lifetime.range.end), y(lifetime.range.offset))
        let (fill, dash, note) =
            switch lifetime.kind {
            case .tensor: ("#9ecae1", "", "")
            case .rows(let rows, let all):
                ("#a1d99b", " stroke-dasharray=\"6 3\"", ", \(rows) of \(all) rows")
            case .scratch: ("#fdae6b", "", "")
            case .progress: ("#bcbddc", "", "")
            }
        let label = escaped("\(lifetime.name): \(lifetime.range.bytes) B\(note)")
        let rectangle =
            "<g><title>\(label), at \(lifetime.range.offset)</title><rect x=\"\(number(x0 + 1))\" "
            + "y=\"\(number(y0))\" width=\"\(number(x1 - x0 - 2))\" height=\"\(number(y1 - y0))\" "
            + "fill=\"\(fill)\" fill-opacity=\"0.75\" stroke=\"#444\"\(dash)/>"
        // A label that the box has room for.
        let isReadable = y1 - y0 >= 12
        let text =
            "<text x=\"\(number(x0 + 5))\" y=\"\(number((y0 + y1) / 2 + 4))\">"
            + "\(isReadable ? label : "")</text>"
        return [
            "<svg x=\"0\" y=\"0\"><clipPath id=\"c\(id(lifetime))\"><rect x=\"\(number(x0))\" y=\"0\" "
                + "width=\"\(number(x1 - x0))\" height=\"2000\"/></clipPath>"
                + "<g clip-path=\"url(#c\(id(lifetime)))\">\(rectangle)\(text)</g></g></svg>"
        ]
    }

    private func id(_ lifetime: MemoryPlan.Lifetime) -> String {
        "\(lifetime.steps.lowerBound + 1)-\(lifetime.steps.upperBound + 1)-"
            + "\(lifetime.range.offset)-\(lifetime.range.bytes)"
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
