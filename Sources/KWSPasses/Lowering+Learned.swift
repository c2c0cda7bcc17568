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
        return Lowering.rounded(weights, steps: grid.steps, bits: grid.bits)
    }

    /// Each weight on the nearest level of its row's grid.
    private static func rounded(_ weights: [Float], steps: [Double], bits: Int) -> RoundedWeights {
        let each = weights.count / steps.count
        return RoundedWeights(
            weights: weights.indices.map { i in
                Int8(rounded(Double(weights[i]), steps[i / each], bits: bits))
            },
            scales: steps, shifts: Array(repeating: 0, count: steps.count))
    }

    /// The matrices of a recurrent layer, rows in stored order, on the grids that were learned for
    /// them; nil where none were.
    func quantiseLearned(
        _ node: FloatGraph.Node
    ) throws(GraphError) -> (
        input: RoundedWeights, own: RoundedWeights, projection: RoundedWeights?
    )? {
        guard let grid = learned?[node.name]?.weights else { return nil }
        let matrices = node.operation.matrices
        let order: [Int]
        var outputs = 0
        switch node.operation {
        case .lstm(let lstm):
            order = QuantRecurrence.rowOrder(.lstm, units: lstm.recurrence.units)
            outputs = lstm.projection == nil ? 0 : lstm.outputs
        default:
            order = QuantRecurrence.rowOrder(
                .gru, units: node.operation.recurrence?.units ?? 0)
        }
        guard grid.steps.count == 2 * order.count + outputs else {
            throw GraphError(
                node: node.name,
                fact: "the description's quantisation has \(grid.steps.count) steps for "
                    + "\(2 * order.count + outputs) rows of weights")
        }
        func rounded(_ role: WeightRole, from first: Int, _ order: [Int]) -> RoundedWeights {
            let matrix = matrices[role] ?? []
            let columns = matrix.count / order.count
            return Lowering.rounded(
                order.flatMap { matrix[$0 * columns..<($0 + 1) * columns] },
                steps: order.map { grid.steps[first + $0] }, bits: grid.bits)
        }
        return (
            rounded(.weights, from: 0, order),
            rounded(.recurrentWeights, from: order.count, order),
            outputs == 0
                ? nil : rounded(.projection, from: 2 * order.count, Array(0..<outputs))
        )
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
            let needsWeights = tensor.unit.hasWeights
            guard needsWeights == (layer.weights != nil) else {
                throw GraphError(
                    node: node.name,
                    fact: "the description's quantisation "
                        + (needsWeights ? "has no steps of weights" : "gives it weights"))
            }
            let isLSTM = if case .lstm = node.operation { true } else { false }
            guard isLSTM == (layer.cellRange != nil) else {
                throw GraphError(
                    node: node.name,
                    fact: "the description's quantisation "
                        + (isLSTM ? "has no range of its cells" : "gives it a range of cells"))
            }
            let isRecurrent = node.operation.recurrence != nil
            guard layer.output.bits == 8 || !isRecurrent else {
                throw GraphError(
                    node: node.name,
                    fact: "the description's quantisation gives its output \(layer.output.bits) "
                        + "bits; a state has 8")
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
