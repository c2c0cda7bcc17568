// SPDX-License-Identifier: Apache-2.0

extension KernelVariant {
    /// Plain C, on every core.
    package static let portable = KernelVariant(
        name: "portable", pack: 0, trailingWidth: 16,
        scratchBytes: { layer, input, _, trails in
            // A pixel is saved before its output overwrites it.
            if case .pointwise = layer.operation, trails { input.pixelBytes } else { 0 }
        },
        packed: { matrix in
            var stream = BitStream()
            for value in matrix.stored { stream.append(value, bits: matrix.bits) }
            return stream.bytes
        })
}
