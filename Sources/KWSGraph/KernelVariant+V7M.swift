// SPDX-License-Identifier: Apache-2.0

extension KernelVariant {
    /// Armv7-M: Cortex-M3.
    package static let v7m = KernelVariant(
        name: "v7m", pack: 2, trailingWidth: 5,
        scratchBytes: { layer, input, output, _ in
            switch layer.operation {
            case .convolution, .pointwise, .dense: V7M.scratch(layer, output)
            case .depthwise(let window, _, _): V7M.scratch(layer, window, input, output)
            default: 0
            }
        },
        packed: { matrix in
            if case .depthwise = matrix.layer.operation {
                // As they are, two's complement of every width.
                var stream = BitStream()
                let mask = UInt8(truncatingIfNeeded: 1 << matrix.bits - 1)
                for value in matrix.values {
                    stream.append(UInt8(bitPattern: value) & mask, bits: matrix.bits)
                }
                return stream.bytes
            }
            return V7M.groups(matrix)
        })
}

/// The sums of SPEC.md section 4.2, V7M.
private enum V7M {
    /// Outputs that share a word of weights.
    static let group = 4

    static func block(bits: Int) -> Int { bits == 8 ? 4 : 8 }

    /// Matrix layers: what a row needs, a patch of taps, and the sums if there are several patches.
    static func scratch(_ layer: QuantGraph.Layer, _ output: QuantGraph.Tensor) -> Int {
        let columns = layer.operation.weights.count / output.channels
        let bits = layer.weightBits
        let block = block(bits: bits)
        let filled = (columns + block - 1) / block * block
        let pixels =
            bits == 8 ? min(output.width, 2) : output.width >= 3 ? 4 : 1
        let words = filled * min(pixels, 2)
        let groups = (output.channels + group - 1) / group
        var bytes = 100
        if output.bits != 8 || output.channels % group != 0 { bytes += 40 }
        return bytes + (words <= 256 ? 4 * words : 1024 + 16 * pixels * groups)
    }

    /// DWCONV: nothing for the cores of three taps and five columns.
    static func scratch(
        _ layer: QuantGraph.Layer, _ window: Window, _ input: QuantGraph.Tensor,
        _ output: QuantGraph.Tensor
    ) -> Int {
        let three =
            window.kernelHeight == 3 && window.kernelWidth == 3 && window.strideWidth == 1
            && window.left == 1 && input.width == 5 && output.width == 5 && input.bits == 8
            && output.bits == 8 && input.channels == output.channels
            && input.quantisation.zeroPoint == 0
        return three ? 0 : DepthwiseSteps.scratch(window, bits: layer.weightBits, input, output)
    }

    static func groups(_ matrix: WeightMatrix) -> [UInt8] {
        let offset = matrix.offset
        let block = block(bits: matrix.bits)
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: matrix.outputs, by: group) {
            for k in stride(from: 0, to: matrix.columns, by: block) {
                // [tap][output], zeros where there is none
                let taps = (k..<k + block).map { k in
                    (first..<first + group).map { o in
                        o < matrix.outputs && k < matrix.columns
                            ? offset[o * matrix.columns + k] : 0
                    }
                }
                bytes += words(taps, bits: matrix.bits)
            }
        }
        return bytes
    }

    /// The words of a block: as many taps as a byte holds, from its lowest bit on; with 3 bits two,
    /// and above them two bits of the six of the last two taps.
    private static func words(_ taps: [[UInt8]], bits: Int) -> [UInt8] {
        if bits == 3 {
            return (0..<3).flatMap { word in
                (0..<group).map { i in
                    let spare = (taps[6][i] | taps[7][i] << 3) >> (2 * UInt8(word)) & 3
                    return taps[2 * word][i] | taps[2 * word + 1][i] << 3 | spare << 6
                }
            }
        }
        let each = 8 / bits
        return stride(from: 0, to: taps.count, by: each).flatMap { first in
            (0..<group).map { i in
                (0..<each).reduce(0) { $0 | taps[first + $1][i] << UInt8($1 * bits) }
            }
        }
    }
}
