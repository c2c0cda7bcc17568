// SPDX-License-Identifier: Apache-2.0

extension KernelVariant {
    /// The DSP extension: Cortex-M4, M7, M33.
    package static let dsp = KernelVariant(
        name: "dsp", pack: 3, trailingWidth: 5, scratchBytes: DSPKernels.scratch,
        packed: DSPKernels.packed)
}

/// What the kernels `*_dsp.c` ask of the compiler: SPEC.md section 4.2, DSP.
private enum DSPKernels {
    /// Values of an output that a block of weights, and a patch in scratch, holds.
    static let blockValues = 256

    /// Values filled up to whole steps of the loops.
    static func filled(_ values: Int, bits: Int) -> Int {
        let step = bits == 2 ? 16 : 8
        return (values + step - 1) / step * step
    }

    @Sendable static func scratch(
        _ layer: QuantGraph.Layer, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor,
        _ trails: Bool
    ) -> Int {
        let values: Int
        var isWindow = false
        switch layer.operation {
        case .depthwise(let window, _, _):
            return isFast(window, input, output) ? input.rowBytes : 0
        case .convolution(let window, _, _):
            values = window.kernelHeight * window.kernelWidth * input.channels
            isWindow = true
        case .pointwise: values = input.channels
        case .dense: values = input.elements
        default: return 0
        }
        let bits = layer.weightBits
        let pixels = min(output.width, bits == 8 ? 3 : 5)
        let asBytes = isWindow || input.bits != 8 || filled(values, bits: bits) != values
        let outputs = bits == 8 ? (output.channels + 1) / 2 * 2 : output.channels
        return pixels * (4 + (asBytes ? 3 : 2) * filled(min(values, blockValues), bits: bits))
            + (values > blockValues ? 4 * pixels * outputs : 0)
    }

    /// Whether the assembly for 3x3 windows runs the layer.
    private static func isFast(
        _ window: Window, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor
    ) -> Bool {
        window.kernelHeight == 3 && window.kernelWidth == 3 && window.strideWidth == 1
            && window.left <= 1 && input.quantisation.zeroPoint == 0 && input.bits == 8
            && output.bits == 8 && input.channels == output.channels && output.width >= 5
            && output.width + 1 - window.left <= input.width
    }

    @Sendable static func packed(_ matrix: WeightMatrix) -> [UInt8] {
        if case .depthwise(let window, _, _) = matrix.layer.operation {
            guard window.taps == 9, matrix.bits < 8 else {
                return KernelVariant.portable.packed(matrix)
            }
            return matrix.bits == 4 ? nibbleKernels(matrix) : wordKernels(matrix)
        }
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: matrix.columns, by: blockValues) {
            let count = min(blockValues, matrix.columns - first)
            let rows = matrix.rows(
                first..<first + count, filledTo: filled(count, bits: matrix.bits))
            switch matrix.bits {
            case 8: appendPairs(of: rows, to: &bytes)
            case 4: for row in rows { append(fours: row[...], to: &bytes) }
            case 3: for row in rows { append(threes: row, to: &bytes) }
            default: for row in rows { append(twos: row, to: &bytes) }
            }
        }
        return bytes
    }

    /// Two outputs side by side, the second one without the offset.
    private static func appendPairs(of rows: [[UInt8]], to bytes: inout [UInt8]) {
        for pair in stride(from: 0, to: rows.count, by: 2) {
            let a = rows[pair]
            let b = pair + 1 < rows.count ? rows[pair + 1].map { $0 ^ 0x80 } : a.map { _ in 0 }
            for k in stride(from: 0, to: a.count, by: 4) {
                for value in [k, k + 2, k + 1, k + 3] { bytes += [a[value], b[value]] }
            }
        }
    }

    /// Words of eight values, two a byte.
    private static func append(fours row: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        for k in stride(from: row.startIndex, to: row.endIndex, by: 8) {
            for value in [k, k + 4, k + 2, k + 6] { bytes.append(row[value] | row[value + 1] << 4) }
        }
    }

    /// Three words of 32 values; the rest as if they had four bits.
    private static func append(threes row: [UInt8], to bytes: inout [UInt8]) {
        let whole = row.count / 32 * 32
        for k in stride(from: 0, to: whole, by: 32) {
            for (word, first) in [0, 12, 24].enumerated() {
                for (byte, value) in [0, 4, 2, 6].enumerated() {
                    let low = row[k + first + value] | row[k + first + value + 1] << 3
                    let (one, other) = (row[k + 8 + byte], row[k + 20 + byte])
                    let high =
                        switch word {
                        case 0: one & 3
                        case 1: other & 3
                        default: one >> 2 | (other >> 2) << 1
                        }
                    bytes.append(low | high << 6)
                }
            }
        }
        append(fours: row[whole...], to: &bytes)
    }

    /// Words of sixteen values, four a byte.
    private static func append(twos row: [UInt8], to bytes: inout [UInt8]) {
        for k in stride(from: 0, to: row.count, by: 16) {
            for byte in [0, 8, 2, 10] {
                let values = [0, 1, 4, 5].map { row[k + byte + $0] }
                bytes.append(values[0] | values[1] << 2 | values[2] << 4 | values[3] << 6)
            }
        }
    }

    /// Of a kernel of nine values, three rows of three columns: a row's three columns and a column of row 2, in fields of so many bits.
    private static func halfword(_ kernel: ArraySlice<Int8>, row: Int, field: Int) -> UInt16 {
        let start = kernel.startIndex
        let values = (0..<3).map { kernel[start + 3 * row + $0] } + [kernel[start + 6 + row]]
        return values.reversed().reduce(0) { sum, value in
            sum << UInt16(field) | UInt16(truncatingIfNeeded: value) & (1 << UInt16(field) - 1)
        }
    }

    /// Two words and a byte for every two outputs.
    private static func nibbleKernels(_ matrix: WeightMatrix) -> [UInt8] {
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: matrix.outputs, by: 2) {
            var ninths: UInt8 = 0
            for o in first...first + 1 {
                guard o < matrix.outputs else {
                    bytes += [0, 0, 0, 0]
                    continue
                }
                let kernel = matrix.values[9 * o..<9 * o + 9]
                for row in 0..<2 { bytes += littleEndian(halfword(kernel, row: row, field: 4)) }
                ninths |= (UInt8(bitPattern: kernel[9 * o + 8]) & 15) << UInt8(4 * (o - first))
            }
            bytes.append(ninths)
        }
        return bytes
    }

    /// A word an output, weights of 3 bits or 2.
    private static func wordKernels(_ matrix: WeightMatrix) -> [UInt8] {
        (0..<matrix.outputs).flatMap { o in
            let kernel = matrix.values[9 * o..<9 * o + 9]
            let ninth = (UInt16(truncatingIfNeeded: kernel[9 * o + 8]) & 7) << 1
            return littleEndian(halfword(kernel, row: 0, field: 3) << 4 | ninth)
                + littleEndian(halfword(kernel, row: 1, field: 3) << 4)
        }
    }

    private static func littleEndian(_ value: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
}

extension WeightMatrix {
    /// The values of each output in a range of columns, with an offset, filled up with 0.
    fileprivate func rows(_ range: Range<Int>, filledTo count: Int) -> [[UInt8]] {
        let stored = offset
        return (0..<outputs).map { o in
            let row = stored[o * columns + range.lowerBound..<o * columns + range.upperBound]
            return row + [UInt8](repeating: 0, count: count - range.count)
        }
    }
}
