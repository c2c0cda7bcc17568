// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension FloatGraph {
    /// The matrices of convolutions, dense and recurrent layers, in execution order.
    ///
    /// A depthwise layer has too few weights for their removal to be worth its damage.
    package var prunable: [PrunableMatrix] {
        var visible = Set([output])
        for node in nodes.reversed() where visible.contains(node.output) {
            if node.operation.matrices.isEmpty { visible.formUnion(node.inputs) }
        }
        return nodes.indices.flatMap { index -> [PrunableMatrix] in
            let node = nodes[index]
            let makesOutput = visible.contains(node.output)
            switch node.operation {
            case .convolution(_, let weights, let bias), .dense(let weights, let bias):
                return [
                    PrunableMatrix(
                        node: index, weights: weights, rows: bias.count,
                        scales: norm(behind: index).map(\.norm.scales)
                            ?? Array(repeating: 1, count: bias.count),
                        makesOutput: makesOutput)
                ]
            case .lstm, .gru:
                return node.operation.gateMatrices.map { parts, places, reads in
                    PrunableMatrix(
                        node: index, arrays: node.operation.matrices, parts: parts, places: places,
                        reads: reads, makesOutput: makesOutput)
                }
            default: return []
            }
        }
    }

    /// The batch norm that alone reads a node's output.
    func norm(behind node: Int) -> (node: Int, norm: BatchNorm)? {
        let readers = consumers(of: nodes[node].output)
        guard let next = readers.first, isPrivate(nodes[node].output, to: next),
            case .batchNorm(let norm) = nodes[next].operation
        else { return nil }
        return (next, norm)
    }

    /// Gives each GRU whose candidate's product with the output stands alone a bias there, for what
    /// pruning takes from it.
    package mutating func addRecurrentBiases() {
        for index in nodes.indices {
            guard case .gru(var gru) = nodes[index].operation, gru.resetsAfter,
                gru.recurrentBias == nil
            else { continue }
            gru.recurrentBias = Array(repeating: 0, count: gru.recurrence.units)
            nodes[index].operation = .gru(gru)
        }
    }
}

extension FloatOperator {
    /// What the matrices of a recurrent layer are cut from. Rows stand as they are stored, so that
    /// blocks of outputs are those of the tables.
    fileprivate var gateMatrices:
        [(parts: [(role: WeightRole, columns: Int)], places: [Int], reads: PrunableMatrix.Reads)]
    {
        switch self {
        case .lstm(let lstm):
            let units = lstm.recurrence.units
            let (x, h) = (
                (WeightRole.weights, lstm.recurrence.inputs),
                (WeightRole.recurrentWeights, lstm.outputs)
            )
            let gates = ([x, h], QuantRecurrence.rowOrder(.lstm, units: units))
            let projection = ([(WeightRole.projection, units)], Array(0..<lstm.outputs))
            return [(gates.0, gates.1, .inputAndOutput)]
                + (lstm.projection == nil ? [] : [(projection.0, projection.1, .units)])
        case .gru(let gru):
            let units = gru.recurrence.units
            let (x, h) = (
                (WeightRole.weights, gru.recurrence.inputs), (WeightRole.recurrentWeights, units)
            )
            func rows(_ gate: Int) -> [Int] { Array(gate * units..<(gate + 1) * units) }
            return [([x, h], rows(0), .inputAndOutput), ([x, h], rows(1), .inputAndOutput)]
                + (gru.resetsAfter
                    ? [([x], rows(2), .input), ([h], rows(2), .output)]
                    : [([x, h], rows(2), .inputAndRest)])
        default: return []
        }
    }
}

extension BatchNorm {
    fileprivate var scales: [Float] {
        gamma.indices.map { abs(gamma[$0]) / (variance[$0] + epsilon).squareRoot() }
    }
}
