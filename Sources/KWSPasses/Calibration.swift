// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What a float graph's values are like on representative inputs.
package struct Calibration: Sendable {
    /// The range to quantise in, by value index; (0, 0) for a value that was never computed.
    package var ranges: [(lower: Float, upper: Float)]
    /// What linear layers sum over, by the index of their output.
    package var moments: [Int: InputMoments]
    /// What recurrent layers sum over, by the index of their output.
    package var recurrentMoments: [Int: RecurrentMoments] = [:]
    /// Of recurrent layers, over all steps, by the index of their output; a layer that has none gets
    /// what its formulas bound.
    package var states: [Int: RecurrentRanges]

    package init(
        ranges: [(lower: Float, upper: Float)], moments: [Int: InputMoments] = [:],
        states: [Int: RecurrentRanges] = [:]
    ) {
        self.ranges = ranges
        self.moments = moments
        self.states = states
    }
}
