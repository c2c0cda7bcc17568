// SPDX-License-Identifier: Apache-2.0

package import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses

extension Report {
    /// - Parameter calibration: the recordings that ranges come from; nil: synthetic sounds.
    package init(_ compilation: Compilation, calibration: String?) {
        let (model, block) = (compilation.model, compilation.block)
        let instance = InstanceSize(model)
        self.init(
            model: model.name, sourceChecksum: model.sourceHash, variant: model.variant.name,
            labels: model.labels, kernels: block.kernels.map(\.symbol), calibration: calibration,
            macs: compilation.floatGraph.macs, execution: ExecutionSummary(compilation),
            sizes: Sizes(
                tables: block.tableBytes,
                frontEndTables: Int(model.frontEnd?.tablesBytes ?? 0), block: block.bytes.count,
                arena: model.plan.arenaBytes, arenaLowerBound: model.plan.lowerBound,
                instance: instance.modelBytes, pcmRing: instance.pcmRing,
                features: instance.features, detector: instance.detector),
            steps: [.imported(compilation)] + Step.trained(compilation)
                + [.quantised(compilation, calibration)],
            layers: Layer.all(of: compilation), graph: model.graph, plan: model.plan)
    }
}

extension Report.Step {
    fileprivate static func imported(_ compilation: Compilation) -> Report.Step {
        let graph = compilation.source.imported
        return Report.Step(
            name: "import",
            summary: "The float network as its file has it; batch norms are folded into weights.",
            facts: [
                ("parameters", Figures.grouped(graph.parameters)),
                ("trainable", Figures.grouped(graph.trainable)),
                ("operators", "\(graph.nodes.count)"),
                ("operators behind the passes", "\(compilation.floatGraph.nodes.count)"),
            ] + compilation.source.notes.map { ("note", $0) })
    }

    /// None where the network was not trained to be rounded.
    fileprivate static func trained(_ compilation: Compilation) -> [Report.Step] {
        guard compilation.source.description.quantisation != nil else { return [] }
        return [
            Report.Step(
                name: "train rounded",
                summary: "The network was trained with weights and activations rounded as they are "
                    + "stored, and with their ranges and widths.",
                isRetrained: true, network: compilation.source.graph)
        ]
    }

    fileprivate static func quantised(
        _ compilation: Compilation, _ calibration: String?
    ) -> Report.Step {
        let layers = compilation.model.graph.layers.filter { !$0.operation.weights.isEmpty }
        let hidden = compilation.model.graph.tensors.dropFirst().dropLast()
        func widths(_ bits: [Int]) -> String {
            Set(bits).sorted(by: >).map(String.init).joined(separator: ", ")
        }
        let input = compilation.input
        let isLearned = compilation.source.description.quantisation != nil
        return Report.Step(
            name: "quantise",
            summary: "Float weights and activations become integers.",
            facts: [
                ("ranges from", isLearned ? "training" : calibration ?? "synthetic sounds"),
                ("bits of weights", widths(layers.map(\.weightBits))),
                ("bits of hidden activations", widths(hidden.map(\.bits))),
                (
                    "input",
                    "scale \(JSON.decimal(input.quantisation.scale)), zero point "
                        + "\(input.quantisation.zeroPoint)"
                        + (input.hasFinePlane ? ", coarse and fine" : "")
                ),
            ])
    }
}

extension Report.Layer {
    fileprivate static func all(of compilation: Compilation) -> [Report.Layer] {
        let (graph, block) = (compilation.model.graph, compilation.block)
        var tables = Array(repeating: 0, count: graph.layers.count)
        for section in block.sections where section.isTable {
            if let layer = section.layer { tables[layer] += section.bytes.count }
        }
        // Layers with weights come from the nodes with weights, in the same order.
        var nodes = compilation.weightNodes[...]
        return graph.layers.enumerated().map { index, layer in
            let (x, y) = (graph.tensors[layer.inputs[0].index], graph.tensors[layer.output.index])
            let step = layer.operation.requantisation
            let channel = 2 * (step?.multipliers.count ?? 0) + 4 * (step?.biases.count ?? 0)
            let node = layer.operation.weights.isEmpty ? nil : nodes.popFirst()
            return Report.Layer(
                name: layer.name, kernel: layer.operation.name,
                output: [y.height, y.width, y.channels], activationBits: y.bits,
                macs: compilation.floatGraph.nodes.first { $0.name == layer.name }
                    .map { compilation.floatGraph.macs(of: $0) } ?? 0,
                channelBytes: channel,
                weights: layer.operation.weights.isEmpty
                    ? nil
                    : Report.Weights(
                        layer, node, from: x, to: y, bytes: tables[index] - channel),
                storage: StorageChoice(graph, layer: index, compilation.model.variant)
                    .map { Report.Storage($0) })
        }
    }
}

extension Report.Storage {
    fileprivate init(_ choice: StorageChoice) {
        let costs = choice.candidates.map {
            "\($0.storage.title): \($0.bytes) bytes, about \($0.instructions) instructions"
        }
        self.init(
            form: choice.chosen.storage.title,
            reason: "\(JSON.decimal(100 * choice.zeros, digits: 1)) % zeros; "
                + costs.joined(separator: "; "))
    }
}

extension WeightStorage {
    fileprivate var title: String {
        switch self {
        case .dense: "dense"
        case .gaps: "single weights"
        case .blocks: "blocks of 4"
        }
    }
}

extension Report.Weights {
    fileprivate init(
        _ layer: QuantGraph.Layer, _ node: FloatGraph.Node?, from x: QuantGraph.Tensor,
        to y: QuantGraph.Tensor, bytes: Int
    ) {
        let stored = layer.operation.weights
        // The factor of an output is sx * scale / sy = m / 2^(16 + n) (SPEC.md section 4).
        let step = layer.operation.requantisation
        let one = Double(sign: .plus, exponent: 16 + (step?.shift ?? 0), significand: 1)
        let ratio = y.quantisation.scale / (x.quantisation.asByte.scale * one)
        var scales = (step?.multipliers ?? []).map { Double($0) * ratio }
        let (float, biases) = node?.operation.rows ?? ([], 0)
        let count = float.reduce(0) { $0 + $1.count }
        // Behind a fine plane each weight has its sixteenth beside it.
        var pairs = stored.count == count ? 0 : float.count
        if case .recurrent(let recurrence) = layer.operation {
            scales = recurrence.weightScales(
                from: x.quantisation.asByte.scale, to: y.quantisation.scale)
            pairs = min(pairs, recurrence.cell.gates * recurrence.recurrence.units)
        }
        let paired =
            float.prefix(pairs).map { row in row.flatMap { [$0, $0 / 16] } }
            + float.dropFirst(pairs)
        self.init(
            count: stored.count, floatBytes: 4 * (count + biases), bytes: bytes,
            bits: layer.weightBits,
            histogram: WeightHistogram(
                stored, bits: layer.weightBits,
                float: float.count == scales.count ? paired : nil, scales: scales))
    }
}

extension Compilation {
    fileprivate var weightNodes: [FloatGraph.Node] {
        floatGraph.nodes.filter { $0.operation.rows != nil }
    }
}

extension FloatOperator {
    /// The weights by output channel, and how many biases there are; nil for operators without.
    fileprivate var rows: (weights: [[Float]], biases: Int)? {
        switch self {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias):
            let each = weights.count / bias.count
            return (
                bias.indices.map { Array(weights[$0 * each..<($0 + 1) * each]) }, bias.count
            )
        case .depthwise(_, let weights, let bias):
            return (
                bias.indices.map { channel in
                    stride(from: channel, to: weights.count, by: bias.count).map { weights[$0] }
                }, bias.count
            )
        default: return recurrentRows.map { ($0.weights, $0.others) }
        }
    }
}
