// SPDX-License-Identifier: Apache-2.0

/// The stored weights of a recurrent layer: matrices of up to 32 rows, each packed as a dense layer's
/// and filled up to whole words (SPEC.md section 4.4).
struct RecurrentWeights {
    /// Rows that are packed together.
    private static let together = 32

    let block: Block
    let shape: RecurrentShape
    let offset: Int

    init(_ block: Block, _ layer: LayerRecord, _ shape: RecurrentShape) {
        self.block = block
        self.shape = shape
        offset = layer.weightsOffset
    }

    /// Parts that each have their matrices over input and output.
    private var parts: Int { shape.kernel == .lstm ? 1 : shape.gates }

    /// Rows of a part.
    private var partRows: Int { shape.rows / parts }

    /// Bytes of all of them.
    var bytes: Int64 {
        Int64(parts) * partBytes
            + (shape.isProjected ? bytes(rows: shape.outputs, columns: shape.units) : 0)
    }

    private var partBytes: Int64 {
        bytes(rows: partRows, columns: shape.inputs)
            + bytes(rows: partRows, columns: shape.outputs)
    }

    /// Bytes of so many rows, as they are cut.
    private func bytes(rows: Int, columns: Int) -> Int64 {
        let together = RecurrentWeights.together
        return Int64(rows / together) * packed(rows: together, columns: columns)
            + (rows % together == 0 ? 0 : packed(rows: rows % together, columns: columns))
    }

    /// Bytes of a matrix of 32 rows at most.
    private func packed(rows: Int, columns: Int) -> Int64 {
        let bytes = PackedWeights.bytes(
            pack: block.header.pack, kernel: .dense, outputs: Int64(rows), columns: Int64(columns),
            bits: shape.weightBits)
        return (bytes + 3) & ~3
    }

    /// Writes `W[row][input]`, `V[row][output]` and, of a projection, `P[output][unit]`.
    func unpack(to numbers: UnsafeMutablePointer<Int8>) {
        let own = shape.rows * shape.inputs
        let inputs = shape.inputs
        let outputs = shape.outputs
        for part in 0..<parts {
            let first = part * partRows
            let place = Int64(part) * partBytes
            unpack(
                to: numbers + first * inputs, rows: partRows, columns: inputs, from: place,
                before: 0, behind: outputs)
            unpack(
                to: numbers + own + first * outputs, rows: partRows, columns: outputs, from: place,
                before: inputs, behind: 0)
        }
        guard shape.isProjected else { return }
        unpack(
            to: numbers + own + shape.rows * outputs, rows: outputs, columns: shape.units,
            from: Int64(parts) * partBytes, before: 0, behind: 0)
    }

    /// Matrices that lie, from `place` on, each between those of the same rows and so many columns.
    private func unpack(
        to numbers: UnsafeMutablePointer<Int8>, rows: Int, columns: Int, from place: Int64,
        before: Int, behind: Int
    ) {
        var place = place
        for first in stride(from: 0, to: rows, by: RecurrentWeights.together) {
            let count = min(RecurrentWeights.together, rows - first)
            if before > 0 { place += packed(rows: count, columns: before) }
            let matrix = PackedWeights(
                block: block, pack: block.header.pack, kernel: .dense,
                offset: offset + Int(place), bits: shape.weightBits, outputs: count,
                columns: columns)
            for row in 0..<count {
                for column in 0..<columns {
                    numbers[(first + row) * columns + column] = matrix[row, column]
                }
            }
            place += packed(rows: count, columns: columns)
            if behind > 0 { place += packed(rows: count, columns: behind) }
        }
    }
}
