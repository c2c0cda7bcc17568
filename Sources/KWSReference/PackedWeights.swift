// SPDX-License-Identifier: Apache-2.0

/// The stored weights of a layer, `w[o][k]`, in the order that the block's pack field names (SPEC.md
/// section 4.2).
struct PackedWeights {
    let block: Block
    let pack: Int
    let kernel: KernelID
    let offset: Int
    let bits: Int
    let outputs: Int
    /// Values an output.
    let columns: Int

    static func isKnown(pack: Int) -> Bool { pack == 0 || pack == 2 }

    /// Stored bytes of a matrix: 2^16 outputs at most, 2^16 columns, 8 bits.
    static func bytes(
        pack: Int, kernel: KernelID, outputs: Int64, columns: Int64, bits: Int
    ) -> Int64 {
        if pack == 2, kernel != .depthwise {
            let block: Int64 = bits == 8 ? 4 : 8
            return (outputs + 3) / 4 * ((columns + block - 1) / block) * block * Int64(bits) / 2
        }
        return (outputs * columns * Int64(bits) + 7) / 8
    }

    subscript(_ o: Int, _ k: Int) -> Int8 {
        switch (pack, kernel) {
        case (2, .depthwise): v7mDepthwise(o * columns + k)
        case (2, _): v7m(o, k)
        default: portable(o * columns + k)
        }
    }

    /// Weight number `index` of a stream without gaps.
    private func portable(_ index: Int) -> Int8 {
        if bits == 8 { return Int8(truncatingIfNeeded: block.u8(offset + index)) }
        return Int8(truncatingIfNeeded: field(index * bits) - (1 << (bits - 1)))
    }

    /// So many bits as a weight has, from bit `place` of the layer's weights on.
    private func field(_ place: Int) -> Int {
        var value = 0
        for bit in place..<place + bits {
            value |= (block.u8(offset + bit / 8) >> (bit % 8) & 1) << (bit - place)
        }
        return value
    }

    /// A stream without gaps of numbers in two's complement.
    private func v7mDepthwise(_ index: Int) -> Int8 {
        Int8(truncatingIfNeeded: field(index * bits) << (8 - bits)) >> (8 - bits)
    }

    /// Groups of four outputs, blocks of 4 or 8 taps, words whose byte `i` is output `i`'s.
    private func v7m(_ o: Int, _ k: Int) -> Int8 {
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

extension Block {
    /// The weights of a layer that the check has seen; nil if it has none.
    func weights(of layer: LayerRecord) -> PackedWeights? {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.hasWeights else { return nil }
        let x = tensor(layer.input)
        let taps = layer.kernelHeight * layer.kernelWidth
        let columns =
            switch kernel {
            case .convolution: taps * x.channels
            case .depthwise: taps
            case .pointwise: x.channels
            default: x.elements
            }
        return PackedWeights(
            block: self, pack: header.pack, kernel: kernel, offset: layer.weightsOffset,
            bits: layer.weightBits, outputs: tensor(layer.output).channels, columns: columns)
    }
}
