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
    /// Whether a DWCONV's kernel is one column wide, and nothing padded beside it.
    var isTall = false

    /// KWS_PACK_* of kws_model.h.
    enum Pack: Int {
        case portable
        case v6m
        case v7m
        case dsp
        case mve
    }

    static func isKnown(pack: Int) -> Bool { Pack(rawValue: pack) != nil }

    /// Stored bytes of a matrix: 2^16 outputs at most, 2^16 columns, 8 bits.
    static func bytes(
        pack: Int, kernel: KernelID, outputs: Int64, columns: Int64, bits: Int
    ) -> Int64 {
        switch Pack(rawValue: pack) {
        case .v6m: v6mBytes(kernel: kernel, outputs: outputs, columns: columns, bits: bits)
        case .v7m where kernel != .depthwise:
            v7mBytes(outputs: outputs, columns: columns, bits: bits)
        case .dsp
        where DSPWeights.isPacked(pack: pack, kernel: kernel, columns: columns, bits: bits):
            DSPWeights.bytes(kernel, outputs: outputs, columns: columns, bits: Int64(bits))
        case .mve: vectorBytes(kernel: kernel, outputs: outputs, columns: columns, bits: bits)
        default: (outputs * columns * Int64(bits) + 7) / 8
        }
    }

    subscript(_ o: Int, _ k: Int) -> Int8 {
        switch Pack(rawValue: pack) {
        case .v6m: v6m(o, k)
        case .v7m: kernel == .depthwise ? v7mDepthwise(o * columns + k) : v7m(o, k)
        case .dsp
        where DSPWeights.isPacked(
            pack: pack, kernel: kernel, columns: Int64(columns), bits: bits):
            DSPWeights(weights: self)[o, k]
        case .dsp where isTall && bits == 8: DSPWeights(weights: self).tall(o, k)
        case .mve: ofVectors(o, k)
        default: portable(o * columns + k)
        }
    }

    /// Weight number `index` of a stream without gaps.
    func portable(_ index: Int) -> Int8 {
        if bits == 8 { return Int8(truncatingIfNeeded: block.u8(offset + index)) }
        return Int8(truncatingIfNeeded: field(index * bits) - (1 << (bits - 1)))
    }

    /// So many bits as a weight has, from bit `place` of the layer's weights on.
    func field(_ place: Int) -> Int {
        var value = 0
        for bit in place..<place + bits {
            value |= (block.u8(offset + bit / 8) >> (bit % 8) & 1) << (bit - place)
        }
        return value
    }
}

extension Block {
    /// The weights of a layer that the check has seen; nil if it has none.
    func weights(of layer: LayerRecord) -> PackedWeights? {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.hasWeights else { return nil }
        let x = tensor(layer.input)
        if kernel.isRecurrent {
            let numbers = RecurrentShape(layer, kernel, x, tensor(layer.output)).weights
            return PackedWeights(
                block: self, pack: header.pack, kernel: kernel, offset: layer.weightsOffset,
                bits: layer.weightBits, outputs: 1, columns: Int(clamping: numbers))
        }
        let taps = layer.kernelHeight * layer.kernelWidth
        let columns =
            switch kernel {
            case .convolution: taps * x.channels
            case .depthwise: taps
            case .pointwise, .pointwiseGaps, .pointwiseBlocks: x.channels
            default: x.elements
            }
        return PackedWeights(
            block: self, pack: header.pack, kernel: kernel, offset: layer.weightsOffset,
            bits: layer.weightBits, outputs: tensor(layer.output).channels, columns: columns,
            isTall: kernel == .depthwise && layer.kernelWidth == 1 && layer.padLeft == 0)
    }
}
