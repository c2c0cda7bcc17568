// SPDX-License-Identifier: Apache-2.0

/// The order V7M of SPEC.md section 4.2.
extension PackedWeights {
    /// Bytes of a matrix that is not of a DWCONV.
    static func v7mBytes(outputs: Int64, columns: Int64, bits: Int) -> Int64 {
        let block: Int64 = bits == 8 ? 4 : 8
        return (outputs + 3) / 4 * ((columns + block - 1) / block) * block * Int64(bits) / 2
    }

    /// A stream without gaps of numbers in two's complement.
    func v7mDepthwise(_ index: Int) -> Int8 {
        Int8(truncatingIfNeeded: field(index * bits) << (8 - bits)) >> (8 - bits)
    }

    /// Groups of four outputs, blocks of 4 or 8 taps, words whose byte `i` is output `i`'s.
    func v7m(_ o: Int, _ k: Int) -> Int8 {
        let taps = bits == 8 ? 4 : 8
        let blocks = (columns + taps - 1) / taps
        // the first bit of the block
        let start = (o / 4 * blocks + k / taps) * 4 * taps * bits
        let byte = 8 * (o % 4)
        let t = k % taps
        if bits == 3, t >= 6 {
            // bits 3 (t - 6) and above of the six that stand, two each, on top of three bytes
            var value = 0
            for bit in 0..<3 {
                let at = 3 * (t - 6) + bit
                let place = start + 32 * (at / 2) + byte + 6 + at % 2
                value |= (block.u8(offset + place / 8) >> (place % 8) & 1) << bit
            }
            return Int8(truncatingIfNeeded: value - 4)
        }
        let each = 8 / bits
        let value = field(start + 32 * (t / each) + byte + bits * (t % each))
        return Int8(truncatingIfNeeded: value - (1 << (bits - 1)))
    }
}
