// SPDX-License-Identifier: Apache-2.0

/// Where the kernels of the DSP extension have a weight: SPEC.md section 4.2, DSP.
struct DSPWeights {
    static let pack = 3
    /// Values of an output that are stored together.
    private static let block = 256

    let weights: PackedWeights

    /// Whether the order differs from the portable one: everywhere but in depthwise kernels of 8
    /// bits or not of nine values.
    static func isPacked(pack: Int, kernel: KernelID, columns: Int64, bits: Int) -> Bool {
        pack == DSPWeights.pack && (kernel != .depthwise || (columns == 9 && bits < 8))
    }

    static func bytes(
        _ kernel: KernelID, outputs: Int64, columns: Int64, bits: Int64
    ) -> Int64 {
        if kernel == .depthwise { return bits == 4 ? (outputs + 1) / 2 * 9 : outputs * 4 }
        let rows = bits == 8 ? (outputs + 1) / 2 * 2 : outputs
        let block = Int64(DSPWeights.block)
        return rows
            * (columns / block * rowBytes(block, bits: bits)
                + rowBytes(columns % block, bits: bits))
    }

    /// Bytes of an output's values of one block.
    private static func rowBytes(_ count: Int64, bits: Int64) -> Int64 {
        let filled = bits == 2 ? (count + 15) & ~15 : (count + 7) & ~7
        return bits == 3 ? filled / 32 * 12 + filled % 32 / 2 : filled * bits / 8
    }

    subscript(_ o: Int, _ k: Int) -> Int8 {
        if weights.kernel == .depthwise { return weights.bits == 4 ? nibble(o, k) : third(o, k) }
        let first = k & ~(DSPWeights.block - 1)
        let count = min(DSPWeights.block, weights.columns - first)
        let size = Int(DSPWeights.rowBytes(Int64(count), bits: Int64(weights.bits)))
        let rows = weights.bits == 8 ? (weights.outputs + 1) & ~1 : weights.outputs
        // Every block before this one is full.
        let full = Int(DSPWeights.rowBytes(Int64(DSPWeights.block), bits: Int64(weights.bits)))
        let start = first / DSPWeights.block * rows * full
        let i = k - first
        switch weights.bits {
        case 8: return pair(start + (o & ~1) * size, i, isSecond: o & 1 == 1)
        case 4: return field(start + o * size + i / 8 * 4 + byte(i), (i & 1) * 4, bits: 4)
        case 3: return ofThree(start + o * size, i, count: count)
        default:
            let place = start + o * size + i / 16 * 4 + (i & 2) + (i >> 3 & 1)
            return field(place, (i >> 2 & 1) * 4 + (i & 1) * 2, bits: 2)
        }
    }

    private func byte(at place: Int) -> Int { weights.block.u8(weights.offset + place) }

    /// Byte of a word that holds value i of eight.
    private func byte(_ i: Int) -> Int { (i >> 1 & 1) * 2 + (i >> 2 & 1) }

    /// A value with an offset.
    private func field(_ place: Int, _ shift: Int, bits: Int) -> Int8 {
        narrowed(byte(at: place) >> shift & (1 << bits - 1))
    }

    private func narrowed(_ value: Int) -> Int8 {
        Int8(truncatingIfNeeded: value - 1 << (weights.bits - 1))
    }

    private func pair(_ start: Int, _ i: Int, isSecond: Bool) -> Int8 {
        let place = start + i / 4 * 8 + (i & 1) * 4 + (i & 2)
        return isSecond
            ? Int8(truncatingIfNeeded: byte(at: place + 1))
            : Int8(truncatingIfNeeded: byte(at: place) - 128)
    }

    private func ofThree(_ start: Int, _ i: Int, count: Int) -> Int8 {
        let whole = (count + 7) / 32 * 32
        guard i < whole else {
            let place = start + whole / 32 * 12 + (i - whole) / 8 * 4 + byte(i)
            return field(place, (i & 1) * 4, bits: 4)
        }
        let words = start + i / 32 * 12
        switch i % 32 {
        case 8..<12, 20..<24:
            let (word, column) = (i % 32 / 20, i % 4)
            let low = byte(at: words + 4 * word + column) >> 6
            let high = byte(at: words + 8 + column) >> (6 + word) & 1
            return narrowed(low | high << 2)
        case let j:
            let (word, within) = (j / 12, j % 12)
            return field(words + 4 * word + byte(within), (within & 1) * 3, bits: 3)
        }
    }

    private func nibble(_ o: Int, _ k: Int) -> Int8 {
        let pair = o / 2 * 9
        if k == 8 { return signed(byte(at: pair + 8) >> (o & 1) * 4, bits: 4) }
        let (row, nibble) = k < 6 ? (k / 3, k % 3) : (k - 6, 3)
        return signed(
            byte(at: pair + (o & 1) * 4 + row * 2 + nibble / 2) >> nibble % 2 * 4, bits: 4)
    }

    private func third(_ o: Int, _ k: Int) -> Int8 {
        let (row, place) = k == 8 ? (0, 1) : k < 6 ? (k / 3, 4 + k % 3 * 3) : (k - 6, 13)
        let half = byte(at: 4 * o + 2 * row) | byte(at: 4 * o + 2 * row + 1) << 8
        return signed(half >> place, bits: 3)
    }

    /// The lowest bits as a number in two's complement.
    private func signed(_ value: Int, bits: Int) -> Int8 {
        let value = value & (1 << bits - 1)
        return Int8(truncatingIfNeeded: value >= 1 << (bits - 1) ? value - 1 << bits : value)
    }
}
