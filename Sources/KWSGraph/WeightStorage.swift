// SPDX-License-Identifier: Apache-2.0

/// How the weights of a layer are stored.
package enum WeightStorage: String, Sendable, CaseIterable {
    /// All of them, in the pack order of the kernels (SPEC.md section 4.2).
    case dense
    /// Those that are not 0, with the gaps between them (SPEC.md section 4.3).
    case gaps
    /// Columns of four outputs that are not all 0 (SPEC.md section 4.3).
    case blocks
}

extension KernelVariant {
    /// The stored bytes of a layer's weights.
    package func tables(_ matrix: WeightMatrix) -> [UInt8] {
        if case .recurrent(let recurrence) = matrix.layer.operation {
            return recurrence.tables(matrix.layer, for: self)
        }
        return switch matrix.layer.storage {
        case .dense: packed(matrix)
        case .gaps: SparseTables(matrix).gaps
        case .blocks: SparseTables(matrix).blocks
        }
    }

    /// Bytes of scratch of a layer, MEAN's sums apart.
    ///
    /// - Parameter trails: whether the output lies in the input's memory.
    package func scratch(
        _ layer: QuantGraph.Layer, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor,
        trails: Bool
    ) -> Int {
        if case .recurrent(let recurrence) = layer.operation {
            return recurrence.scratchBytes(layer, for: self)
        }
        guard layer.storage != .dense else { return scratchBytes(layer, input, output, trails) }
        // The input, or a pixel of it, a byte an element.
        guard input.bits < 8 || trails else { return 0 }
        if case .pointwise = layer.operation { return input.channels }
        return input.elements
    }
}
