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

    /// Outputs whose weights are stored together.
    static func group(_ layer: QuantGraph.Layer) -> Int {
        if layer.weightBits == 8 { return 2 }
        if case .dense = layer.operation { return 4 }
        return 1
    }

    /// Values filled up to whole steps of the loops.
    static func filled(_ values: Int, _ layer: QuantGraph.Layer) -> Int {
        let step = layer.weightBits == 2 && group(layer) == 1 ? 16 : 8
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
            if isTall(window, bits: layer.weightBits) {
                return tallScratch(window, input, output)
            }
            return isFast(window, input, output)
                ? input.rowBytes
                : DepthwiseSteps.scratch(window, bits: layer.weightBits, input, output)
        case .convolution(let window, _, _):
            values = window.kernelHeight * window.kernelWidth * input.channels
            isWindow = true
        case .pointwise: values = input.channels
        case .dense: values = input.elements
        default: return 0
        }
        let bits = layer.weightBits
        let pixels = bits == 8 ? min(output.width, 3) : output.width >= 5 ? 5 : 1
        // Five pixels lie in four words.
        let words = pixels == 5 ? 4 : pixels
        let most = min(values, blockValues)
        let asBytes = isWindow || input.bits != 8 || !values.isMultiple(of: 4)
        let outputs = (output.channels + group(layer) - 1) / group(layer) * group(layer)
        return words * (4 + 2 * filled(most, layer))
            + (asBytes ? pixels * ((most + 3) / 4 * 4) : 0)
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

    /// Whether kernels of one column, beside which nothing is padded, have four channels together.
    private static func isTall(_ window: Window, bits: Int) -> Bool {
        window.kernelWidth == 1 && window.left == 0 && bits == 8
    }

    /// A list of taps, and a row for those that lie outside, if they count.
    private static func tallScratch(
        _ window: Window, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor
    ) -> Int {
        guard input.bits == 8, output.bits == 8, input.channels == output.channels else { return 0 }
        return 4 * window.kernelHeight + (input.quantisation.zeroPoint != 0 ? input.rowBytes : 0)
    }

    @Sendable static func packed(_ matrix: WeightMatrix) -> [UInt8] {
        if case .depthwise(let window, _, _) = matrix.layer.operation {
            if isTall(window, bits: matrix.bits) { return tallKernels(matrix) }
            guard window.taps == 9, matrix.bits < 8 else {
                return KernelVariant.portable.packed(matrix)
            }
            return matrix.bits == 4 ? nibbleKernels(matrix) : wordKernels(matrix)
        }
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: matrix.columns, by: blockValues) {
            let count = min(blockValues, matrix.columns - first)
            let rows = matrix.rows(
                first..<first + count, filledTo: filled(count, matrix.layer))
            if group(matrix.layer) == 4 {
                appendNested(rows, bits: matrix.bits, to: &bytes)
                continue
            }
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

    /// Four outputs side by side; of eight values four words of nibbles, or what narrower ones leave
    /// of them.
    private static func appendNested(_ rows: [[UInt8]], bits: Int, to bytes: inout [UInt8]) {
        let none = [UInt8](repeating: 0, count: rows[0].count)
        for first in stride(from: 0, to: rows.count, by: 4) {
            let group = (first..<first + 4).map { $0 < rows.count ? rows[$0] : none }
            for k in stride(from: 0, to: none.count, by: 8) {
                let words = [k, k + 1, k + 4, k + 5].map { nested(group, $0) }
                for word in 0..<bits {
                    let stored =
                        switch bits {
                        case 4: words[word]
                        case 3: words[word] | (words[3] >> UInt32(word) & 0x1111_1111) << 3
                        default: words[2 * word] | words[2 * word + 1] << 2
                        }
                    bytes += littleEndian(UInt16(truncatingIfNeeded: stored))
                    bytes += littleEndian(UInt16(truncatingIfNeeded: stored >> 16))
                }
            }
        }
    }

    /// A nibble for each of four outputs a, b, c, d and values k and k + 2: from the lowest one on d,
    /// a, c of k + 2, b of k, then the same of k + 2, c of k.
    private static func nested(_ group: [[UInt8]], _ k: Int) -> UInt32 {
        [(3, 0), (0, 0), (2, 2), (1, 0), (3, 2), (0, 2), (2, 0), (1, 2)].reversed()
            .reduce(0) { $0 << 4 | UInt32(group[$1.0][k + $1.1]) }
    }

    /// Words of eight values, two a byte.
    private static func append(fours row: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        for k in stride(from: row.startIndex, to: row.endIndex, by: 8) {
            for value in [k, k + 4, k + 2, k + 6] { bytes.append(row[value] | row[value + 1] << 4) }
        }
    }

    /// Three words of 32 values: ten each and a bit of each of the last two; the rest as if they
    /// had four bits.
    private static func append(threes row: [UInt8], to bytes: inout [UInt8]) {
        let whole = row.count / 32 * 32
        for k in stride(from: 0, to: whole, by: 32) {
            for word in 0..<3 {
                for half in 0..<2 {
                    // Sixteen values of 32, a pair of every four.
                    let values = (0..<16).map { UInt16(row[k + $0 / 2 * 4 + $0 % 2 + 2 * half]) }
                    let bit = values[15] >> UInt16(word) & 1
                    bytes += littleEndian(
                        values[5 * word..<5 * word + 5].reversed().reduce(bit) { $0 << 3 | $1 })
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

    /// Tap by tap a byte of each of four channels, at last of those that are left.
    private static func tallKernels(_ matrix: WeightMatrix) -> [UInt8] {
        stride(from: 0, to: matrix.outputs, by: 4).flatMap { first in
            (0..<matrix.columns).flatMap { k in
                (first..<min(first + 4, matrix.outputs)).map {
                    UInt8(bitPattern: matrix.values[$0 * matrix.columns + k])
                }
            }
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
