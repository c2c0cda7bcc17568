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

    static func isKnown(pack: Int) -> Bool { pack == 0 }

    /// Stored bytes of a matrix: 2^16 outputs at most, 2^16 columns, 8 bits.
    static func bytes(
        pack: Int, kernel: KernelID, outputs: Int64, columns: Int64, bits: Int
    ) -> Int64 {
        (outputs * columns * Int64(bits) + 7) / 8
    }

    subscript(_ o: Int, _ k: Int) -> Int8 { portable(o * columns + k) }

    /// Weight number `index` of a stream without gaps.
    private func portable(_ index: Int) -> Int8 {
        if bits == 8 { return Int8(truncatingIfNeeded: block.u8(offset + index)) }
        var value = 0
        for bit in 0..<bits {
            let place = index * bits + bit
            value |= (block.u8(offset + place / 8) >> (place % 8) & 1) << bit
        }
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
