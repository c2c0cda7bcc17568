// SPDX-License-Identifier: Apache-2.0

/// How recurrent layers are stored: SPEC.md section 4.4.
extension QuantRecurrence {
    /// Rows of a matrix that are packed together.
    static let rowsTogether = 32

    /// The rows of the gates as they are stored: LSTM has all gates of eight units together.
    ///
    /// - Returns: by place, `gate * units + unit`.
    package static func rowOrder(_ cell: Cell, units: Int) -> [Int] {
        guard cell == .lstm else { return Array(0..<cell.gates * units) }
        return stride(from: 0, to: units, by: 8).flatMap { first in
            (0..<cell.gates).flatMap { gate in
                (first..<min(units, first + 8)).map { gate * units + $0 }
            }
        }
    }

    /// Whether a matrix multiplies what the units put out.
    private var multipliesCodes: Bool { cell == .lstm ? isProjected : !resetsAfter }

    /// Matrices of up to 32 rows in the order in which a step uses them: the ranges of their numbers
    /// in `weights`.
    private var matrices: [(columns: Int, values: Range<Int>)] {
        let (inputs, units) = (recurrence.inputs, recurrence.units)
        let rows = cell.gates * units
        var matrices: [(columns: Int, values: Range<Int>)] = []
        func append(_ range: Range<Int>, of columns: Int, from start: Int) {
            matrices.append(
                (columns, start + range.lowerBound * columns..<start + range.upperBound * columns))
        }
        /// Rows of W and of V of some parts of so many rows, the first ones of each part first.
        func append(parts: [Int], of rowsOfPart: Int) {
            for first in stride(from: 0, to: rowsOfPart, by: Self.rowsTogether) {
                let end = min(first + Self.rowsTogether, rowsOfPart)
                for start in parts.map({ $0 * rowsOfPart }) {
                    append(start + first..<start + end, of: inputs, from: 0)
                    append(start + first..<start + end, of: outputs, from: rows * inputs)
                }
            }
        }
        // Gates of a GRU: z, r, n. Before the product, all units' r are needed at once.
        switch (cell, resetsAfter) {
        case (.lstm, _): append(parts: [0], of: rows)
        case (.gru, true): append(parts: [1, 2, 0], of: units)
        case (.gru, false):
            append(parts: [1], of: units)
            append(parts: [2, 0], of: units)
        }
        guard isProjected else { return matrices }
        for first in stride(from: 0, to: outputs, by: Self.rowsTogether) {
            append(
                first..<min(first + Self.rowsTogether, outputs), of: units,
                from: rows * (inputs + outputs))
        }
        return matrices
    }

    /// Matrices of the layer as a dense layer's, in their order.
    package func matrices(of layer: QuantGraph.Layer) -> [WeightMatrix] {
        var dense = layer
        dense.operation = .dense(weights: [], requantisation)
        return matrices.map { columns, values in
            WeightMatrix(dense, columns: columns, values: Array(weights[values]))
        }
    }

    /// Each matrix as the variant packs a dense layer's, filled up to whole words, or the gaps of all.
    func tables(_ layer: QuantGraph.Layer, for variant: KernelVariant) -> [UInt8] {
        matrices(of: layer).flatMap { matrix in
            guard layer.storage == .dense else { return SparseTables(matrix).gaps }
            let bytes = variant.packed(matrix)
            return bytes + [UInt8](repeating: 0, count: bytes.count.filled(to: 4) - bytes.count)
        }
    }

    /// Bytes of scratch: what a step works with, sums of rows, gates, state, and the vectors.
    func scratchBytes(_ layer: QuantGraph.Layer, for variant: KernelVariant) -> Int {
        func vector(_ columns: Int) -> Int {
            layer.storage == .dense
                ? variant.vectorBytes(columns, bits: layer.weightBits) : columns.filled(to: 4)
        }
        let rows = (cell == .lstm ? 8 : 12) * Self.rowsTogether
        let units = recurrence.units
        return variant.stepBytes + rows + (2 * units).filled(to: 4)
            + vector(recurrence.inputs) + vector(outputs)
            + (multipliesCodes ? vector(units) : units.filled(to: 4))
    }
}

extension KernelVariant {
    /// Bytes that a step of a recurrent layer works with.
    fileprivate var stepBytes: Int {
        switch name {
        case "portable": 132
        case "v6m": 132
        case "v7m": 160
        case "dsp": 124
        default: 80
        }
    }

    /// Bytes of a vector that a recurrent layer multiplies with packed weights.
    fileprivate func vectorBytes(_ columns: Int, bits: Int) -> Int {
        let elements = columns.filled(to: 4)
        let patches = (columns + 255) / 256
        switch name {
        case "portable": return elements
        case "v7m": return elements + 4 * patches + 4 * columns.filled(to: bits == 8 ? 4 : 8)
        case "dsp": return elements + 4 * patches + 2 * columns.filled(to: 8)
        default: return elements + 4
        }
    }
}

extension Int {
    fileprivate func filled(to multiple: Int) -> Int {
        (self + multiple - 1) / multiple * multiple
    }
}
