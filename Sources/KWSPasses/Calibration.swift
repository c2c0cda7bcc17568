// SPDX-License-Identifier: Apache-2.0

/// What a float graph's values are like on representative inputs.
package struct Calibration: Sendable {
    /// The range to quantise in, by value index; (0, 0) for a value that was never computed.
    package var ranges: [(lower: Float, upper: Float)]
    /// What linear layers sum over, by the index of their output.
    package var moments: [Int: InputMoments]

    package init(
        ranges: [(lower: Float, upper: Float)], moments: [Int: InputMoments] = [:]
    ) {
        self.ranges = ranges
        self.moments = moments
    }
}
