// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ReportPage {
    /// Who lies where in the arena, and when.
    var memory: Markup? {
        let plan = report.plan
        func step(_ index: Int) -> String {
            index < 0 ? "(input)" : report.graph.layers[index].name
        }
        var table = Table([
            .text("what"), .text("kind"), .number("bytes"), .number("at"), .text("from"),
            .text("to"),
        ])
        for lifetime in plan.lifetimes {
            table.add([
                .text(lifetime.name), .text(lifetime.kind.name),
                .text(Figures.grouped(lifetime.range.bytes)),
                .text(Figures.grouped(lifetime.range.offset)),
                .text(step(lifetime.steps.lowerBound)), .text(step(lifetime.steps.upperBound)),
            ])
        }
        return section(
            "Memory",
            "The \(Figures.grouped(plan.arenaBytes)) bytes of the network: time to the right, "
                + "addresses upward. At most \(Figures.grouped(plan.lowerBound)) of them live at once.",
            [
                tag("div", ["class": "wide"], [MemoryDrawing(report.graph, plan).markup]),
                tag(
                    "details", [:],
                    [tag("summary", [:], ["The same as a table"]), table.markup]),
            ])
    }
}
