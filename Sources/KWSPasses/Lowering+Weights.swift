// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Weights as integers, `[rows][taps]`.
struct RoundedWeights {
    var weights: [Int8] = []
    /// One an output channel, which is a row.
    var scales: [Double] = []
    /// What goes to each bias: the mean of what rounding took from the sums.
    var shifts: [Double] = []

    mutating func append(_ levels: [Double], _ scale: Double, shift: Double) {
        weights += levels.map { Int8($0) }
        scales.append(scale)
        shifts.append(shift)
    }

    mutating func append(_ other: RoundedWeights) {
        weights += other.weights
        scales += other.scales
        shifts += other.shifts
    }

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
    /// They are rounded so that the sums change least where the inputs are known (`WeightRounding`), else each
    /// by itself: with 8 bits the largest weight of a row then becomes 127, fewer bits clip it if that makes
    /// the error of the weights smaller.
    static func quantise(
        _ weights: [Float], rows: Int, bits: Int, moments: InputMoments?
    ) -> RoundedWeights {
        var result = RoundedWeights()
        let each = weights.count / rows
        let known = moments.flatMap { $0.taps == each ? $0 : nil }
        var rounding: WeightRounding?
        for row in 0..<rows {
            let values = weights[row * each..<(row + 1) * each].map { Double($0) }
            guard let known else {
                let scale =
                    bits == 8 ? plainScale(values, bits: 8) : clippedScale(values, bits: bits)
                result.append(values.map { rounded($0, scale, bits: bits) }, scale, shift: 0)
                continue
            }
            if rounding == nil || !known.isShared {
                rounding = WeightRounding(
                    covariance: known.covariance(of: row, outputs: rows), taps: each)
            }
            if let (levels, scale) = rounding?(values, bits: bits) {
                let mean = known.mean(of: row, outputs: rows)
                result.append(levels, scale, shift: lost(values, levels, scale, mean: mean))
            }
        }
        return result
    }

    /// The same for two matrices whose products are summed up, rows by `JointRounding` where the
    /// inputs are known.
    ///
    /// - Parameters:
    ///   - moments: of what the first one reads, then the second one.
    ///   - areApart: see `JointRounding`.
    static func quantise(
        _ first: [Float], _ second: [Float], rows: Int, bits: Int, moments: InputMoments?,
        areApart: Bool
    ) -> (first: RoundedWeights, second: RoundedWeights) {
        let counts = (first.count / rows, second.count / rows)
        guard let moments, moments.taps == counts.0 + counts.1 else {
            return (
                quantise(first, rows: rows, bits: bits, moments: nil),
                quantise(second, rows: rows, bits: bits, moments: nil)
            )
        }
        let rounding = JointRounding(
            covariance: moments.covariance(of: 0, outputs: 1), taps: moments.taps,
            first: counts.0, areApart: areApart)
        let mean = moments.mean(of: 0, outputs: 1)
        let means = (Array(mean[..<counts.0]), Array(mean[counts.0...]))
        var result = (first: RoundedWeights(), second: RoundedWeights())
        for row in 0..<rows {
            let w = first[row * counts.0..<(row + 1) * counts.0].map { Double($0) }
            let v = second[row * counts.1..<(row + 1) * counts.1].map { Double($0) }
            let (one, other) = rounding(first: w, second: v, bits: bits)
            result.first.append(
                one.levels, one.scale, shift: lost(w, one.levels, one.scale, mean: means.0))
            result.second.append(
                other.levels, other.scale, shift: lost(v, other.levels, other.scale, mean: means.1))
        }
        return result
    }

    /// The mean of what rounding takes from a sum.
    private static func lost(
        _ values: [Double], _ levels: [Double], _ scale: Double, mean: [Double]
    ) -> Double {
        zip(mean, zip(values, levels)).reduce(0) { $0 + $1.0 * ($1.1.0 - scale * $1.1.1) }
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

    static func levelRange(bits: Int) -> ClosedRange<Double> {
        let limit = Double(1 << (bits - 1))
        return (bits == 8 ? 1 - limit : -limit)...(limit - 1)
    }

    /// The scale of least squared error among 64 from the plain one down to a sixteenth of it.
    static func clippedScale(_ values: [Double], bits: Int) -> Double {
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
