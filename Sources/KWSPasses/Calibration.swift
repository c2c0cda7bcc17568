// SPDX-License-Identifier: Apache-2.0

/// The range that every value of a float graph is to be quantised in.
package struct Calibration: Sendable {
    /// By value index; (0, 0) for a value that was never computed.
    package var ranges: [(lower: Float, upper: Float)]

    package init(ranges: [(lower: Float, upper: Float)]) {
        self.ranges = ranges
    }
}
