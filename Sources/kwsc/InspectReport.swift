// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile

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

    /// Who occupies which bytes of the arena while each layer runs.
    private var memory: String {
        let (graph, plan) = (compilation.model.graph, compilation.model.plan)
        var table = TextTable(["layer", "reads", "writes", "scratch", "live"])
        for (index, layer) in graph.layers.enumerated() {
            func range(_ tensor: TensorID) -> String {
                let range = plan.tensors[tensor.index]
                return "\(range.offset)..<\(range.end)"
            }
            let scratch = plan.scratch[index].map { "\($0.offset)..<\($0.end)" } ?? ""
            let touched =
                (layer.inputs + [layer.output]).map { plan.tensors[$0.index].end }
                + [plan.scratch[index]?.end ?? 0]
            table.add([
                layer.name, layer.inputs.map(range).joined(separator: " "), range(layer.output),
                scratch, "\(touched.max() ?? 0)",
            ])
        }
        return table.text
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
                ("scale", .number(y.quantisation.scale)),
                ("zero_point", .integer(y.quantisation.zeroPoint)),
                ("activation_bytes", .integer(y.elements)),
                ("arena_offset", .integer(plan.tensors[layer.output.index].offset)),
            ])
        }
    }
}
