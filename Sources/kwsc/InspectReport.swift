// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSReport

/// What `kwsc inspect` tells about a model.
struct InspectReport {
    private let compilation: Compilation

    init(_ compilation: Compilation) {
        self.compilation = compilation
    }

    var phases: [(name: String, text: String)] {
        let model = compilation.model
        return [
            ("imported", compilation.source.graph.dump),
            ("folded", compilation.floatGraph.dump),
            ("integer", model.graph.dump(model.plan)),
            ("memory", memory),
        ]
    }

    /// Who occupies which bytes of the arena, and from which layer to which.
    private var memory: String {
        let (graph, plan) = (compilation.model.graph, compilation.model.plan)
        func layer(_ step: Int) -> String { step < 0 ? "(input)" : graph.layers[step].name }
        var table = TextTable(["what", "kind", "bytes", "at", "from", "to"])
        for lifetime in plan.lifetimes {
            table.add([
                lifetime.name, lifetime.kind.name, String(lifetime.range.bytes),
                "\(lifetime.range.offset)..<\(lifetime.range.end)",
                layer(lifetime.steps.lowerBound), layer(lifetime.steps.upperBound),
            ])
        }
        return "arena \(plan.arenaBytes) bytes, at least \(plan.lowerBound) live at once; "
            + "\(chains)\n\(execution)\n" + table.text
    }

    /// What a decision computes, and what it finds kept.
    private var execution: String {
        let summary = ExecutionSummary(compilation)
        let kept = compilation.model.plan.keptBytes
        return "a decision computes \(summary.text)"
            + (summary.saving.map { "\n\(kept) bytes outlast a decision; \($0)" } ?? "")
    }

    /// The layers that take turns.
    private var chains: String {
        let (graph, plan) = (compilation.model.graph, compilation.model.plan)
        var found: [String] = []
        for index in graph.layers.indices where plan.chained[index] {
            if !plan.chained[index - 1] { found.append(graph.layers[index - 1].name) }
            let last = index + 1 == graph.layers.count || !plan.chained[index + 1]
            if last { found[found.count - 1] += " ... " + graph.layers[index].name }
        }
        return found.isEmpty
            ? "no layers take turns" : "taking turns: " + found.joined(separator: ", ")
    }

    var json: JSON {
        let folded = compilation.floatGraph
        return .object([
            ("model", .string(folded.name)),
            ("parameters", .integer(compilation.source.graph.parameters)),
            ("trainable", .integer(compilation.source.graph.trainable)),
            ("macs", .integer(folded.macs)),
            ("labels", .array(compilation.model.labels.map { .string($0) })),
            ("ram_bytes", .integer(compilation.model.plan.arenaBytes)),
            ("layers", .array(layers)),
        ])
    }

    private var layers: [JSON] {
        let (graph, plan) = (compilation.model.graph, compilation.model.plan)
        return graph.layers.map { layer in
            let y = graph.tensors[layer.output.index]
            let macs = compilation.floatGraph.nodes.first { $0.name == layer.name }
                .map { compilation.floatGraph.macs(of: $0) }
            return .object([
                ("name", .string(layer.name)),
                ("op", .string(layer.operation.name)),
                ("output", .array([y.height, y.width, y.channels].map { .integer($0) })),
                ("macs", .integer(macs ?? 0)),
                ("weights", .integer(layer.operation.weights.count)),
                ("weight_bits", .integer(layer.weightBits)),
                ("scale", .number(y.quantisation.scale)),
                ("zero_point", .integer(y.quantisation.zeroPoint)),
                ("activation_bytes", .integer(y.bytes)),
                ("arena_offset", .integer(plan.tensors[layer.output.index].offset)),
            ])
        }
    }
}
