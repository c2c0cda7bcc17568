// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Lowering {
    /// Symmetric weights with one scale an output channel, which is a row.
    ///
    /// With 8 bits the largest weight of a row becomes 127. Fewer bits clip the largest weights if
    /// that makes the squared error smaller.
    static func quantise(
        _ weights: [Float], rows: Int, bits: Int
    ) -> (weights: [Int8], scales: [Double]) {
        var result: [Int8] = []
        var scales: [Double] = []
        let each = weights.count / rows
        for row in 0..<rows {
            let values = weights[row * each..<(row + 1) * each].map { Double($0) }
            let scale = bits == 8 ? plainScale(values, bits: 8) : clippedScale(values, bits: bits)
            result += values.map { Int8(rounded($0, scale, bits: bits)) }
            scales.append(scale)
        }
        return (result, scales)
    }

    /// The weights of a depthwise layer, `[taps][channels]`, as `[channels][taps]`.
    static func channelsFirst(_ weights: [Float], channels: Int) -> [Float] {
        (0..<channels).flatMap { channel in
            stride(from: channel, to: weights.count, by: channels).map { weights[$0] }
        }
    }

    /// A channel of zeros has the scale 0: its output is its bias.
    private static func plainScale(_ values: [Double], bits: Int) -> Double {
        values.reduce(0) { max($0, abs($1)) } / Double((1 << (bits - 1)) - 1)
    }

    private static func rounded(_ value: Double, _ scale: Double, bits: Int) -> Double {
        guard scale > 0 else { return 0 }
        let limit = Double(1 << (bits - 1))
        return min(limit - 1, max(bits == 8 ? 1 - limit : -limit, (value / scale).rounded()))
    }

    /// The scale of least squared error among 64 from the plain one down to a sixteenth of it.
    private static func clippedScale(_ values: [Double], bits: Int) -> Double {
        let most = plainScale(values, bits: bits)
        var best = (scale: most, error: Double.infinity)
        for step in 0..<64 {
            let scale = most * exp2(-Double(step) / 16)
            let error = values.reduce(0) { sum, value in
                let rest = value - scale * rounded(value, scale, bits: bits)
                return sum + rest * rest
            }
            if error < best.error { best = (scale, error) }
        }
        return best.scale
    }
}
