// SPDX-License-Identifier: Apache-2.0

/// The pack order MVE.
extension PackedWeights {
    /// Stored bytes of a matrix; `columns` is at most 2^16.
    static func vectorBytes(
        kernel: KernelID, outputs: Int64, columns: Int64, bits: Int
    ) -> Int64 {
        if kernel == .depthwise {
            let sharing = Int64(channelsOfByte(bits))
            let rest = outputs % (16 * sharing)
            return (outputs - rest) / sharing * columns
                + (rest + sharing - 1) / sharing * columns
        }
        let padded = kernel == .dense ? (columns + 15) / 16 * 16 : columns
        return outputs / 8 * padded * Int64(bits)
            + (outputs % 8 * columns * Int64(bits) + 7) / 8
    }

    func ofVectors(_ o: Int, _ k: Int) -> Int8 {
        kernel == .depthwise ? ofDepthwise(o, k) : ofProduct(o, k)
    }

    /// Channels whose weights share a byte of a DWCONV; 3 bits take the room of 4.
    private static func channelsOfByte(_ bits: Int) -> Int {
        switch bits {
        case 8: 1
        case 2: 4
        default: 2
        }
    }

    private func ofDepthwise(_ o: Int, _ k: Int) -> Int8 {
        let sharing = Self.channelsOfByte(bits)
        let first = o / (16 * sharing) * 16 * sharing
        let lanes = min(16, (outputs - first + sharing - 1) / sharing)
        let place = first / sharing * columns + k * lanes + (o - first) % lanes
        let byte = block.u8(offset + place)
        if bits == 8 { return Int8(truncatingIfNeeded: byte) }
        let value = byte >> ((o - first) / lanes * (8 / sharing)) & ((1 << bits) - 1)
        return Int8(value - (1 << (bits - 1)))
    }

    private func ofProduct(_ o: Int, _ k: Int) -> Int8 {
        let isFilled = kernel == .dense
        let padded = isFilled ? (columns + 15) / 16 * 16 : columns
        let whole = outputs / 8 * 8
        if o >= whole {
            let rest = PackedWeights(
                block: block, pack: 0, kernel: kernel, offset: offset + whole * padded * bits / 8,
                bits: bits, outputs: outputs - whole, columns: columns)
            let value = Int(rest.portable((o - whole) * columns + k))
            // The other streams of 8 bits are not offsets.
            return Int8(truncatingIfNeeded: bits == 8 ? value - 128 : value)
        }
        // The run of values, of `lanes` bytes a vector, in which k lies.
        let head = columns % 16
        let lead = head > 0 && isFilled ? 16 : head
        let lanes = k < head ? lead : 16
        let start = k < head ? 0 : lead + (k - head) / 16 * 16
        let lane = k < head ? lead - head + k : (k - head) % 16
        // No collections here: the device has no heap.
        let (sharing, vectors) =
            switch bits {
            case 8: (2, 2)
            case 4: (2, 1)
            case 3: (8, 3)
            default: (4, 1)
            }
        let base = offset + o / sharing * vectors * padded + vectors * start
        func byte(_ vector: Int) -> Int { block.u8(base + vector * lanes + lane) }
        let place = o % sharing
        let value =
            switch bits {
            case 8: byte(place)
            case 4: byte(0) >> (4 * place) & 15
            case 2: byte(0) >> (2 * place) & 3
            default:
                switch place {
                case 0: byte(0) & 7
                case 1: byte(0) >> 3 & 7
                case 2: byte(1) >> 2 & 7
                case 3: byte(1) >> 5
                case 4: byte(2) & 7
                case 5: byte(2) >> 3 & 7
                case 6: byte(1) & 3 | (byte(2) >> 6 & 1) << 2
                default: (byte(0) >> 6) << 1 | byte(2) >> 7
                }
            }
        return Int8(truncatingIfNeeded: value - (1 << (bits - 1)))
    }
}
