// SPDX-License-Identifier: Apache-2.0

/// The range of every value of a float graph, seen on representative inputs.
///
/// The extremes are taken as they are. Shrinking them to the least squared error costs accuracy on
/// the models at hand: their tails are rare, but they decide (Sources/DESIGN.md, "Ranges").
package struct Calibration: Sendable {
    /// By value index; (0, 0) for a value that was never computed.
    package var ranges: [(lower: Float, upper: Float)]

    package init(ranges: [(lower: Float, upper: Float)]) {
        self.ranges = ranges
    }
}
