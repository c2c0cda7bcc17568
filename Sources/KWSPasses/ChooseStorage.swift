// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Stores the weights of DENSE, POINTWISE, LSTM and GRU sparse where that needs fewer bytes and hardly
/// more instructions.
package struct ChooseStorage {
    private let variant: KernelVariant

    package init(_ variant: KernelVariant) {
        self.variant = variant
    }

    package func callAsFunction(_ graph: QuantGraph) -> QuantGraph {
        var graph = graph
        for index in graph.layers.indices {
            graph.layers[index].storage =
                StorageChoice(graph, layer: index, variant)?.chosen.storage ?? .dense
        }
        return graph
    }
}

/// What a layer's weights cost in each form, and which of them is best.
package struct StorageChoice: Sendable {
    package struct Candidate: Sendable {
        package var storage: WeightStorage
        /// Of the stored weights.
        package var bytes: Int
        /// Of the layer, by `KernelCosts`.
        package var instructions: Int
    }

    package let layer: String
    /// The part of the weights that is 0.
    package let zeros: Double
    /// Dense, gaps and, but for recurrent layers, blocks.
    package let candidates: [Candidate]

    /// Nil for a layer that has no sparse form.
    package init?(_ graph: QuantGraph, layer index: Int, _ variant: KernelVariant) {
        var layer = graph.layers[index]
        let output = graph.tensors[layer.output.index]
        let costs = variant.costs
        var forms = WeightStorage.allCases
        let runs: Int
        let instructions: (QuantGraph.Layer) -> Double
        switch layer.operation {
        case .pointwise, .dense:
            runs = output.height * output.width
            instructions = { StorageChoice.instructions(WeightMatrix($0, output: output), costs) }
        case .recurrent(let recurrence):
            forms = [.dense, .gaps]
            runs = graph.tensors[layer.inputs[0].index].height
            instructions = { StorageChoice.instructions(recurrence.matrices(of: $0), costs) }
        default: return nil
        }
        self.layer = layer.name
        let weights = layer.operation.weights
        zeros = Double(weights.count { $0 == 0 }) / Double(weights.count)
        candidates = forms.map { storage in
            layer.storage = storage
            return Candidate(
                storage: storage,
                bytes: variant.tables(WeightMatrix(layer, output: output)).count,
                instructions: Int(instructions(layer).rounded()) * runs)
        }
    }

    /// Of those that need no more bytes than dense weights and at most a sixteenth more instructions, which are
    /// known to a few per cent, the one with the least product of both.
    package var chosen: Candidate {
        let most = candidates[0].instructions + candidates[0].instructions / 16
        return candidates.filter {
            $0.bytes <= candidates[0].bytes && $0.instructions <= most
        }
        .min {
            ($0.bytes * $0.instructions, $0.storage == .dense ? 0 : 1)
                < ($1.bytes * $1.instructions, $1.storage == .dense ? 0 : 1)
        } ?? candidates[0]
    }

    /// Of the products of a step of a recurrent layer.
    private static func instructions(_ matrices: [WeightMatrix], _ costs: KernelCosts) -> Double {
        matrices.reduce(0) { sum, matrix in
            matrix.layer.storage == .dense
                ? sum + costs.gate[matrix.bits] * Double(matrix.values.count)
                : sum + costs.entry[matrix.bits] * Double(SparseTables(matrix).entryCount)
                    + costs.row * Double(matrix.outputs)
        }
    }

    /// Of one pixel.
    private static func instructions(_ matrix: WeightMatrix, _ costs: KernelCosts) -> Double {
        let bits = matrix.bits
        switch matrix.layer.storage {
        case .dense:
            if case .pointwise = matrix.layer.operation {
                return costs.pointwise[bits] * Double(matrix.values.count)
            }
            return costs.dense[bits] * Double(matrix.values.count)
        case .gaps:
            return costs.entry[bits] * Double(SparseTables(matrix).entryCount)
                + costs.output * Double(matrix.outputs)
        case .blocks:
            let fours = (matrix.outputs + 3) / 4
            let windows = fours * ((matrix.columns + SparseTables.window - 1) / SparseTables.window)
            return costs.block[bits] * Double(SparseTables(matrix).blockCount)
                + costs.window * Double(windows) + costs.four * Double(fours)
        }
    }
}
