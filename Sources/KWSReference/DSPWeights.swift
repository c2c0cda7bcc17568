// SPDX-License-Identifier: Apache-2.0

/// Where the kernels of the DSP extension have a weight: SPEC.md section 4.2, DSP.
struct DSPWeights {
    static let pack = 3
    /// Values of an output that are stored together.
    private static let block = 256

    let weights: PackedWeights

    /// Whether the subscript reads the weights; depthwise kernels of 8 bits or not of nine values are as
    /// PORTABLE has them, or `tall`.
    static func isPacked(pack: Int, kernel: KernelID, columns: Int64, bits: Int) -> Bool {
        pack == DSPWeights.pack && (kernel != .depthwise || (columns == 9 && bits < 8))
    }

    static func bytes(
        _ kernel: KernelID, outputs: Int64, columns: Int64, bits: Int64
    ) -> Int64 {
        if kernel == .depthwise { return bits == 4 ? (outputs + 1) / 2 * 9 : outputs * 4 }
        let group = DSPWeights.group(kernel, bits: bits)
        let block = Int64(DSPWeights.block)
        return (outputs + group - 1) / group * group
            * (columns / block * rowBytes(block, bits: bits, group: group)
                + rowBytes(columns % block, bits: bits, group: group))
    }

    /// Outputs whose values are stored together.
    private static func group(_ kernel: KernelID, bits: Int64) -> Int64 {
        bits == 8 ? 2 : kernel == .dense ? 4 : 1
    }

    /// Bytes of an output's values of one block.
    private static func rowBytes(_ count: Int64, bits: Int64, group: Int64) -> Int64 {
        if group == 4 { return (count + 7) / 8 * bits }
        let filled = bits == 2 ? (count + 15) & ~15 : (count + 7) & ~7
        return bits == 3 ? filled / 32 * 12 + filled % 32 / 2 : filled * bits / 8
    }

    subscript(_ o: Int, _ k: Int) -> Int8 {
        if weights.kernel == .depthwise { return weights.bits == 4 ? nibble(o, k) : third(o, k) }
        let first = k & ~(DSPWeights.block - 1)
        let count = min(DSPWeights.block, weights.columns - first)
        let bits = Int64(weights.bits)
        let group = DSPWeights.group(weights.kernel, bits: bits)
        let size = Int(DSPWeights.rowBytes(Int64(count), bits: bits, group: group))
        let rows = (weights.outputs + Int(group) - 1) & ~(Int(group) - 1)
        // Every block before this one is full.
        let full = Int(
            DSPWeights.rowBytes(Int64(DSPWeights.block), bits: bits, group: group))
        let start = first / DSPWeights.block * rows * full
        let i = k - first
        if group == 4 { return nested(start + (o & ~3) * size, i, output: o & 3) }
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

    private func halfword(at place: Int) -> Int { byte(at: place) | byte(at: place + 1) << 8 }

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

    /// A nibble of four words, or of the narrower words that hold them.
    private func nested(_ start: Int, _ i: Int, output: Int) -> Int8 {
        let word = (i >> 2 & 1) * 2 + (i & 1)
        let upper = (i >> 1 & 1) ^ (output == 2 ? 1 : 0)
        let nibble = upper * 4 + (0x0231 >> (output * 4) & 3)
        let place = start + i / 8 * 4 * weights.bits + nibble / 2
        let shift = nibble % 2 * 4
        switch (weights.bits, word) {
        case (4, _): return field(place + 4 * word, shift, bits: 4)
        case (3, 3):
            return narrowed(
                (0..<3).reduce(0) { $0 | (byte(at: place + 4 * $1) >> (shift + 3) & 1) << $1 })
        case (3, _): return field(place + 4 * word, shift, bits: 3)
        default: return field(place + word / 2 * 4, shift + word % 2 * 2, bits: 2)
        }
    }

    private func ofThree(_ start: Int, _ i: Int, count: Int) -> Int8 {
        let whole = (count + 7) / 32 * 32
        guard i < whole else {
            let place = start + whole / 32 * 12 + (i - whole) / 8 * 4 + byte(i)
            return field(place, (i & 1) * 4, bits: 4)
        }
        // Number n of the 16 values in the lower halfwords (or the upper ones) of three words.
        let n = i % 32 / 4 * 2 + (i & 1)
        let first = start + i / 32 * 12 + (i & 2)
        guard n == 15 else {
            return narrowed(halfword(at: first + n / 5 * 4) >> (n % 5 * 3) & 7)
        }
        return narrowed((0..<3).reduce(0) { $0 | (halfword(at: first + $1 * 4) >> 15) << $1 })
    }

    /// Weight k of channel o where four channels lie together.
    func tall(_ o: Int, _ k: Int) -> Int8 {
        let first = o & ~3
        let together = min(4, weights.outputs - first)
        return Int8(
            truncatingIfNeeded: byte(at: first * weights.columns + k * together + o - first))
    }

    private func nibble(_ o: Int, _ k: Int) -> Int8 {
        let pair = o / 2 * 9
        if k == 8 { return signed(byte(at: pair + 8) >> ((o & 1) * 4), bits: 4) }
        let (row, nibble) = k < 6 ? (k / 3, k % 3) : (k - 6, 3)
        let place = pair + (o & 1) * 4 + row * 2 + nibble / 2
        return signed(byte(at: place) >> (nibble % 2 * 4), bits: 4)
    }

    private func third(_ o: Int, _ k: Int) -> Int8 {
        let (row, place) = k == 8 ? (0, 1) : k < 6 ? (k / 3, 4 + k % 3 * 3) : (k - 6, 13)
        return signed(halfword(at: 4 * o + 2 * row) >> place, bits: 3)
    }

    /// The lowest bits as a number in two's complement.
    private func signed(_ value: Int, bits: Int) -> Int8 {
        let value = value & (1 << bits - 1)
        return Int8(truncatingIfNeeded: value >= 1 << (bits - 1) ? value - 1 << bits : value)
    }
}
