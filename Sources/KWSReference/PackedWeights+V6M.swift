// SPDX-License-Identifier: Apache-2.0

/// The order V6M of SPEC.md section 4.2.
extension PackedWeights {
    /// Bytes of one output by itself.
    private static func rowBytes(columns: Int64, bits: Int) -> Int64 {
        (columns * Int64(bits) + 7) / 8
    }

    /// Bytes of a block of eight outputs.
    private static func blockBytes(columns: Int64, bits: Int) -> Int64 {
        let words =
            switch bits {
            case 8: 2 * columns
            case 4: columns
            case 3: (columns + 3) / 4 * 3
            default: (columns + 1) / 2
            }
        return 4 * words
    }

    static func v6mBytes(kernel: KernelID, outputs: Int64, columns: Int64, bits: Int) -> Int64 {
        let row = rowBytes(columns: columns, bits: bits)
        if kernel == .depthwise {
            return bits == 4 ? (outputs * columns + 1) / 2 : outputs * row
        }
        return outputs / 8 * blockBytes(columns: columns, bits: bits) + outputs % 8 * row
    }

    func v6m(_ o: Int, _ k: Int) -> Int8 {
        if kernel == .depthwise {
            if bits == 8 || bits == 4 { return portable(o * columns + k) }
            return number(at: o * rowBytes * 8 + k * bits)
        }
        let block = Int(PackedWeights.blockBytes(columns: Int64(columns), bits: bits))
        if o / 8 < outputs / 8 { return inBlock(o / 8 * block, o % 8, k) }
        let behind = outputs / 8 * block
        let row = o % 8
        if bits == 8, outputs % 8 >= 4, row < 4 {
            return signed(block: behind + 4 * k + row, shift: 0)
        }
        return number(at: (behind + row * rowBytes) * 8 + k * bits)
    }

    private var rowBytes: Int {
        Int(PackedWeights.rowBytes(columns: Int64(columns), bits: bits))
    }

    private func signed(_ v: Int) -> Int8 {
        Int8(truncatingIfNeeded: v % (1 << bits) - (1 << (bits - 1)))
    }

    private func signed(block byte: Int, shift: Int) -> Int8 {
        signed(block.u8(offset + byte) >> shift)
    }

    /// The number whose lowest bit is this one of the layer's.
    private func number(at bit: Int) -> Int8 {
        signed(
            (0..<bits).reduce(0) { value, i in
                value | (block.u8(offset + (bit + i) / 8) >> ((bit + i) % 8) & 1) << i
            })
    }

    /// Output `o` of a block at byte `start`.
    private func inBlock(_ start: Int, _ o: Int, _ k: Int) -> Int8 {
        let byte = start + o % 4
        let high = o / 4 * bits
        switch bits {
        case 8: return signed(block: start + 8 * k + o, shift: 0)
        case 4: return signed(block: byte + 4 * k, shift: high)
        case 2: return signed(block: byte + k / 2 * 4, shift: high + k % 2 * 4)
        default:
            let group = start + k / 4 * 12
            if k % 4 < 3 { return signed(block: group + k % 4 * 4 + o % 4, shift: high) }
            let sum = (word(group) >> 6) + (word(group + 4) >> 4) + (word(group + 8) >> 2)
            return signed((sum >> (o % 4 * 8)) >> high)
        }
    }

    private func word(_ start: Int) -> Int {
        (0..<4).reduce(0) { $0 | block.u8(offset + start + $1) << (8 * $1) }
    }
}
