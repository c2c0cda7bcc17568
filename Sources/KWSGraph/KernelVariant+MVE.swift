// SPDX-License-Identifier: Apache-2.0

extension KernelVariant {
    /// The M-profile vector extension: Cortex-M55.
    package static let mve = KernelVariant(
        name: "mve", pack: 4, trailingWidth: 5, trailsAlongRows: false,
        scratchBytes: { layer, input, output, _ in
            VectorScratch(layer: layer, input: input, output: output).bytes
        },
        packed: { matrix in
            if case .depthwise = matrix.layer.operation { return matrix.depthwiseVectors }
            return matrix.productVectors
        })
}

/// Bytes of scratch of the kernels with vectors.
private struct VectorScratch {
    let layer: QuantGraph.Layer
    let input: QuantGraph.Tensor
    let output: QuantGraph.Tensor

    var bytes: Int {
        switch layer.operation {
        case .convolution:
            let taps = layer.operation.weights.count / output.channels
            return patches(taps) + taps
        case .pointwise:
            return patches(input.channels) + (input.bits == 8 ? 0 : input.channels)
        case .dense:
            let taps = layer.operation.weights.count / output.channels
            return 48 + (output.bits == 8 ? 0 : output.channels) + (input.bits == 8 ? 0 : taps)
        case .depthwise(let window, _, _):
            return words(window)
        default:
            return 0
        }
    }

    /// The work of a group of pixels, their patches, and outputs of less than 8 bits unpacked.
    private func patches(_ taps: Int) -> Int {
        let group = output.width < 4 ? 1 : 4
        return (group == 4 ? 248 : 48) + group * ((taps + 15) / 16 * 16)
            + (output.bits == 8 ? 0 : group * output.channels)
    }

    /// Sums of 8 channels; words of the input and of the weights, of 16; their places, and rows. None
    /// for windows that are too large.
    private func words(_ window: Window) -> Int {
        if isLine(window) { return 704 }
        if window.kernelHeight > 16 || window.kernelWidth > 16 || window.strideWidth > 8 {
            return 0
        }
        let chunks = (window.kernelHeight + 3) / 4
        let vectors = (chunks * window.kernelWidth + 3) / 4
        let phase = 4 + (window.kernelWidth + window.strideWidth - 1) / window.strideWidth
        return 208 + 64 * chunks * phase * window.strideWidth + 256 * vectors
            + 16 * (vectors + 2) + 48 * chunks + 160
    }

    /// Windows of one row whose channels are turned, 16 at a time.
    private func isLine(_ window: Window) -> Bool {
        window.kernelHeight == 1 && window.top == 0 && window.strideWidth == 1
            && window.kernelWidth <= 10 && output.width >= 8
            && input.channels == output.channels && output.channels < 8192
            && input.bits == 8 && output.bits == 8
    }
}

extension WeightMatrix {
    /// CONV, POINTWISE, DENSE: heads and blocks of 16 of outputs that share vectors; those that are
    /// left over when the outputs are taken in eights lie one behind the other.
    fileprivate var productVectors: [UInt8] {
        let stored = offset
        let head = columns % 16
        var isFilled = false
        if case .dense = layer.operation { isFilled = true }
        /// Where runs begin in a row and how many values they have, and 0s before them.
        var runs: [(first: Int, count: Int, before: Int)] = []
        if head > 0 { runs.append((0, head, isFilled ? 16 - head : 0)) }
        for first in stride(from: head, to: columns, by: 16) { runs.append((first, 16, 0)) }

        var bytes: [UInt8] = []
        let whole = outputs / 8 * 8
        let sharing = [8: 2, 4: 2, 3: 8, 2: 4][bits] ?? 1
        for o in stride(from: 0, to: whole, by: sharing) {
            for run in runs {
                let lanes = (0..<run.before + run.count).map { lane in
                    (0..<sharing).map { output in
                        lane < run.before
                            ? 0 : stored[(o + output) * columns + run.first + lane - run.before]
                    }
                }
                bytes += Self.vectors(lanes, bits: bits)
            }
        }
        var rest = BitStream()
        for value in stored[(whole * columns)...] { rest.append(value, bits: bits) }
        return bytes + rest.bytes
    }

    /// The vectors of lanes that hold a value of each output.
    private static func vectors(_ lanes: [[UInt8]], bits: Int) -> [UInt8] {
        switch bits {
        case 8: lanes.map { $0[0] } + lanes.map { $0[1] }
        case 4: lanes.map { $0[0] | $0[1] << 4 }
        case 2: lanes.map { $0[0] | $0[1] << 2 | $0[2] << 4 | $0[3] << 6 }
        default:
            lanes.map { $0[0] | $0[1] << 3 | ($0[7] >> 1) << 6 }
                + lanes.map { $0[6] & 3 | $0[2] << 2 | $0[3] << 5 }
                + lanes.map { $0[4] | $0[5] << 3 | ($0[6] >> 2) << 6 | $0[7] << 7 }
        }
    }

    /// DWCONV: tap by tap the bytes of 16, 32 (of 4 and 3 bits) or 64 (of 2) channels.
    fileprivate var depthwiseVectors: [UInt8] {
        let stored = self.stored
        let fields = [8: 1, 2: 4][bits] ?? 2
        var bytes: [UInt8] = []
        var first = 0
        while first < outputs {
            let lanes = min(16, (outputs - first + fields - 1) / fields)
            for tap in 0..<columns {
                for lane in 0..<lanes {
                    var byte: UInt8 = 0
                    for field in 0..<fields {
                        let o = first + field * lanes + lane
                        guard o < outputs else { break }
                        byte |= stored[o * columns + tap] << UInt8(field * (8 / fields))
                    }
                    bytes.append(byte)
                }
            }
            first += lanes * fields
        }
        return bytes
    }
}
