// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Weights as integers, `[rows][taps]`.
struct RoundedWeights {
    var weights: [Int8]
    /// One an output channel, which is a row.
    var scales: [Double]
    /// What goes to each bias: the mean of what rounding took from the sums.
    var shifts: [Double]

    /// Of each row.
    var sums: [Int] {
        let each = weights.count / scales.count
        return scales.indices.map { row in
            weights[(row * each)..<((row + 1) * each)].reduce(0) { $0 + Int($1) }
        }
    }
}

extension Lowering {
    /// Symmetric weights with one scale a row.
    ///
    /// With 8 bits the largest weight of a row becomes 127, and each is rounded by itself. Fewer bits
    /// clip the largest weights if that makes the error smaller, which is that of the sums where the
    /// inputs are known, else that of the weights.
    static func quantise(
        _ weights: [Float], rows: Int, bits: Int, moments: InputMoments?
    ) -> RoundedWeights {
        var result = RoundedWeights(weights: [], scales: [], shifts: [])
        let each = weights.count / rows
        let known = moments.flatMap { bits < 8 && $0.taps == each ? $0 : nil }
        var rounding: WeightRounding?
        for row in 0..<rows {
            let values = weights[row * each..<(row + 1) * each].map { Double($0) }
            var scale = bits == 8 ? plainScale(values, bits: 8) : clippedScale(values, bits: bits)
            var levels = values.map { rounded($0, scale, bits: bits) }
            var shift = 0.0
            if let known, scale > 0 {
                if rounding == nil || !known.isShared {
                    rounding = WeightRounding(
                        covariance: known.covariance(of: row, outputs: rows), taps: each)
                }
                if let rounding {
                    (levels, scale) = rounding(
                        values, levels: levelRange(bits: bits),
                        scales: [1.25, 1, 0.8].map { $0 * scale })
                }
                let mean = known.mean(of: row, outputs: rows)
                shift = zip(mean, zip(values, levels)).reduce(0) {
                    $0 + $1.0 * ($1.1.0 - scale * $1.1.1)
                }
            }
            result.weights += levels.map { Int8($0) }
            result.scales.append(scale)
            result.shifts.append(shift)
        }
        return result
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

    static func rounded(_ value: Double, _ scale: Double, bits: Int) -> Double {
        guard scale > 0 else { return 0 }
        let levels = levelRange(bits: bits)
        return min(levels.upperBound, max(levels.lowerBound, (value / scale).rounded()))
    }

    private static func levelRange(bits: Int) -> ClosedRange<Double> {
        let limit = Double(1 << (bits - 1))
        return (bits == 8 ? 1 - limit : -limit)...(limit - 1)
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
