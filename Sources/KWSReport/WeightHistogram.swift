// SPDX-License-Identifier: Apache-2.0

/// How a layer's weights are distributed, in steps of the level: each divided by the scale of its
/// output channel.
package struct WeightHistogram: Sendable {
    /// Float weights by bins of `binWidth` steps from `low` on; those outside are in the outer ones.
    /// Empty where the float weights are not known.
    package var bins: [Int]
    package var low: Double
    package var binWidth: Double
    /// Stored weights by level, from `-2^(bits-1)` on.
    package var levels: [Int]

    /// - Parameters:
    ///   - float: float weights by output channel; nil if not known.
    ///   - scales: of a step, by output channel; the weights of a channel of scale 0 are all zero.
    package init(_ stored: [Int8], bits: Int, float: [[Float]]?, scales: [Double]) {
        let half = 1 << (bits - 1)
        levels = Array(repeating: 0, count: 2 * half)
        for weight in stored { levels[Int(weight) + half] += 1 }
        // Narrow weights are clipped: half as far again shows what was.
        let (reach, count) = bits == 8 ? (Double(half), 64) : (1.5 * Double(half), 48)
        (low, binWidth) = (-reach, 2 * reach / Double(count))
        bins = Array(repeating: 0, count: float == nil ? 0 : count)
        for (channel, scale) in zip(float ?? [], scales) {
            for weight in channel {
                let steps = scale > 0 ? Double(weight) / scale : 0
                let bin = ((steps - low) / binWidth).rounded(.down)
                bins[Int(min(Double(count - 1), max(0, bin)))] += 1
            }
        }
    }

    /// Levels that a weight has.
    package var levelsUsed: Int { levels.count { $0 > 0 } }
}
