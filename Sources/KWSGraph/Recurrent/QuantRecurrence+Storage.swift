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

    /// Parts that each have their matrices over input and output, and the rows of one.
    private var parts: (count: Int, rows: Int) {
        cell == .lstm
            ? (1, cell.gates * recurrence.units) : (cell.gates, recurrence.units)
    }

    /// Whether a matrix multiplies what the units put out.
    private var multipliesCodes: Bool { cell == .lstm ? isProjected : !resetsAfter }

    /// The matrices in their order, as ranges of `weights`.
    private var matrices: [(columns: Int, values: Range<Int>)] {
        let (count, rows) = parts
        let inputs = recurrence.inputs
        let own = count * rows * inputs
        var matrices: [(columns: Int, values: Range<Int>)] = []
        for part in 0..<count {
            for first in stride(from: part * rows, to: (part + 1) * rows, by: Self.rowsTogether) {
                let end = min(first + Self.rowsTogether, (part + 1) * rows)
                matrices.append((inputs, first * inputs..<end * inputs))
                matrices.append((outputs, own + first * outputs..<own + end * outputs))
            }
        }
        guard isProjected else { return matrices }
        let last = own + count * rows * outputs
        let units = recurrence.units
        for first in stride(from: 0, to: outputs, by: Self.rowsTogether) {
            let end = min(first + Self.rowsTogether, outputs)
            matrices.append((units, last + first * units..<last + end * units))
        }
        return matrices
    }

    /// Each matrix as the variant packs a dense layer's, filled up to whole words.
    func packed(_ layer: QuantGraph.Layer, for variant: KernelVariant) -> [UInt8] {
        var dense = layer
        dense.operation = .dense(weights: [], requantisation)
        return matrices.flatMap { columns, values in
            let bytes = variant.packed(
                WeightMatrix(dense, columns: columns, values: Array(weights[values])))
            return bytes + [UInt8](repeating: 0, count: bytes.count.filled(to: 4) - bytes.count)
        }
    }

    /// Bytes of scratch: what a step works with, sums of rows, gates, state, and the vectors.
    func scratchBytes(bits: Int, for variant: KernelVariant) -> Int {
        let rows = (cell == .lstm ? 8 : 12) * Self.rowsTogether
        let units = recurrence.units
        let vectors = [recurrence.inputs, outputs].reduce(0) {
            $0 + variant.vectorBytes($1, bits: bits)
        }
        return variant.stepBytes + rows + (2 * units).filled(to: 4) + vectors
            + (multipliesCodes ? variant.vectorBytes(units, bits: bits) : units.filled(to: 4))
    }
}

extension KernelVariant {
    /// Bytes that a step of a recurrent layer works with.
    fileprivate var stepBytes: Int {
        switch name {
        case "portable": 180
        case "v6m": 156
        case "v7m": 184
        case "dsp": 148
        default: 104
        }
    }

    /// Bytes of a vector that a recurrent layer multiplies.
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
