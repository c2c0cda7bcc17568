// SPDX-License-Identifier: Apache-2.0

/// The stored weights of a recurrent layer: matrices of up to 32 rows in the order in which a step
/// uses them, each packed as a dense layer's and filled up to whole words, or as gaps (SPEC.md
/// sections 4.3 and 4.4).
struct RecurrentWeights {
    /// Rows that are packed together.
    private static let together = 32

    let block: Block
    let layer: LayerRecord
    let shape: RecurrentShape

    init(_ block: Block, _ layer: LayerRecord, _ shape: RecurrentShape) {
        self.block = block
        self.layer = layer
        self.shape = shape
    }

    /// Does the table, which lies in the block, hold all matrices and nothing else?
    var isSound: Bool {
        if shape.kernel.isSparse { return readGaps { _, _ in } }
        var bytes: Int64 = 0
        forEachMatrix { rows, columns, _ in bytes += packed(rows: rows, columns: columns) }
        return Int64(layer.weightsBytes) == bytes
    }

    /// Writes `W[row][input]`, `V[row][output]` and, of a projection, `P[output][unit]`.
    func unpack(to numbers: UnsafeMutablePointer<Int8>) {
        guard !shape.kernel.isSparse else {
            for at in 0..<Int(shape.weights) { numbers[at] = 0 }
            _ = readGaps { at, weight in numbers[Int(at)] = weight }
            return
        }
        var place = layer.weightsOffset
        forEachMatrix { rows, columns, first in
            let matrix = PackedWeights(
                block: block, pack: block.header.pack, kernel: .dense, offset: place,
                bits: shape.weightBits, outputs: rows, columns: columns)
            for row in 0..<rows {
                for column in 0..<columns {
                    numbers[Int(first) + row * columns + column] = matrix[row, column]
                }
            }
            place += Int(packed(rows: rows, columns: columns))
        }
    }

    /// Visits what is stored until something is wrong; false if so.
    private func readGaps(_ visit: (_ index: Int64, _ weight: Int8) -> Void) -> Bool {
        var table = SparseTable(block, layer)
        forEachMatrix { rows, columns, first in
            for row in 0..<rows where !table.isBad {
                table.takeGaps(of: columns) { column, weight in
                    visit(first + Int64(row) * Int64(columns) + Int64(column), weight)
                }
            }
        }
        return table.isRead
    }

    /// Bytes of a matrix of 32 rows at most.
    private func packed(rows: Int, columns: Int) -> Int64 {
        let bytes = PackedWeights.bytes(
            pack: block.header.pack, kernel: .dense, outputs: Int64(rows), columns: Int64(columns),
            bits: shape.weightBits)
        return (bytes + 3) & ~3
    }

    /// Visits the matrices in their order: rows, columns, and the place of its numbers among all.
    private func forEachMatrix(
        _ visit: (_ rows: Int, _ columns: Int, _ first: Int64) -> Void
    ) {
        if shape.kernel.isLSTM {
            forEachMatrix(ofParts: 0..<1, visit)
        } else if shape.resetsAfter {
            forEachMatrix(ofParts: 0..<3, visit)
        } else {
            forEachMatrix(ofParts: 0..<1, visit)
            forEachMatrix(ofParts: 1..<3, visit)
        }
        guard shape.isProjected else { return }
        let before = Int64(shape.rows) * Int64(shape.inputs + shape.outputs)
        for row in stride(from: 0, to: shape.outputs, by: RecurrentWeights.together) {
            visit(
                min(RecurrentWeights.together, shape.outputs - row), shape.units,
                before + Int64(row) * Int64(shape.units))
        }
    }

    /// Rows of W and of V, those of each part in turn. An LSTM has one part; those of a GRU are its
    /// gates r, n, z.
    private func forEachMatrix(
        ofParts parts: Range<Int>, _ visit: (_ rows: Int, _ columns: Int, _ first: Int64) -> Void
    ) {
        let length = shape.kernel.isLSTM ? shape.rows : shape.units
        let own = Int64(shape.rows) * Int64(shape.inputs)
        for first in stride(from: 0, to: length, by: RecurrentWeights.together) {
            let count = min(RecurrentWeights.together, length - first)
            for part in parts {
                let gate = shape.kernel.isLSTM ? 0 : (part + 1) % 3
                let row = Int64(gate * length + first)
                visit(count, shape.inputs, row * Int64(shape.inputs))
                visit(count, shape.outputs, own + row * Int64(shape.outputs))
            }
        }
    }
}
