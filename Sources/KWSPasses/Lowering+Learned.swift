// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Lowering {
    /// A node's weights, `[rows][taps]`, on the grid that was learned for them, or on one that suits
    /// them.
    func quantise(
        _ node: FloatGraph.Node, _ weights: [Float], rows: Int
    ) throws(GraphError) -> RoundedWeights {
        guard let grid = learned?[node.name]?.weights else {
            return Lowering.quantise(
                weights, rows: rows, bits: widths.weights(of: node.name),
                moments: calibration.moments[node.output.index])
        }
        guard grid.steps.count == rows else {
            throw GraphError(
                node: node.name,
                fact: "the description's quantisation has \(grid.steps.count) steps for \(rows) "
                    + "output channels")
        }
        let each = weights.count / rows
        return RoundedWeights(
            weights: weights.indices.map { i in
                Int8(Lowering.rounded(Double(weights[i]), grid.steps[i / each], bits: grid.bits))
            },
            scales: grid.steps, shifts: Array(repeating: 0, count: rows))
    }

    /// Learned grids are there for all tensors that need one, and for no others.
    func checkLearned() throws(GraphError) {
        guard let learned else { return }
        var names = Set(learned.layers.map(\.name))
        for tensor in graph.quantisedTensors {
            let node = graph.nodes[tensor.node]
            guard let layer = learned[node.name] else {
                throw GraphError(
                    node: node.name, fact: "the description's quantisation has no such layer")
            }
            names.remove(node.name)
            var needsWeights = false
            if case .weights = tensor.unit { needsWeights = true }
            guard needsWeights == (layer.weights != nil) else {
                throw GraphError(
                    node: node.name,
                    fact: "the description's quantisation "
                        + (needsWeights ? "has no steps of weights" : "gives it weights"))
            }
            guard layer.output.bits == 8 || !graph.needsBytes(tensor.value, bits: layer.output.bits)
            else {
                throw GraphError(
                    node: node.name,
                    fact: "the description's quantisation gives its output \(layer.output.bits) "
                        + "bits; its reader takes 8 only")
            }
        }
        if let name = names.sorted().first {
            throw GraphError(
                node: name,
                fact: "the description's quantisation has it, the network does not")
        }
    }
}

extension Quantise {
    /// A linear node's operator with its weights rounded as lowering would, and its bias made up for
    /// that.
    package static func rounded(
        _ node: FloatGraph.Node, bits: Int, moments: InputMoments?
    ) -> FloatOperator {
        func real(_ weights: [Float], _ bias: [Float]) -> (weights: [Float], bias: [Float]) {
            let rounded = Lowering.quantise(
                weights, rows: bias.count, bits: bits, moments: moments)
            let each = weights.count / bias.count
            return (
                rounded.weights.indices.map {
                    Float(Double(rounded.weights[$0]) * rounded.scales[$0 / each])
                },
                bias.indices.map { bias[$0] + Float(rounded.shifts[$0]) }
            )
        }
        switch node.operation {
        case .convolution(let window, let weights, let bias):
            let (weights, bias) = real(weights, bias)
            return .convolution(window, weights: weights, bias: bias)
        case .dense(let weights, let bias):
            let (weights, bias) = real(weights, bias)
            return .dense(weights: weights, bias: bias)
        case .depthwise(let window, let weights, let bias):
            let (rows, shifted) = real(
                Lowering.channelsFirst(weights, channels: bias.count), bias)
            let taps = rows.count / bias.count
            return .depthwise(
                window,
                weights: rows.indices.map {
                    rows[$0 % bias.count * taps + $0 / bias.count]
                }, bias: shifted)
        default: return node.operation
        }
    }
}
