// SPDX-License-Identifier: Apache-2.0

/// The logarithm of a band, and what keeps it finite.
package enum LogScale: Hashable, Sendable {
    /// ln(max(x, floor))
    case naturalOfMaximum(floor: Double)
    /// ln(x + floor)
    case naturalOfSum(floor: Double)
    /// (10 log10(x) + offset) / divisor, clipped to `lower ... upper`; x = 0 gives `lower`.
    case decibels(offset: Double, divisor: Double, lower: Double, upper: Double)

    /// The scale's value at a band value `x >= 0`.
    package func value(_ x: Double) -> Double {
        switch self {
        case .naturalOfMaximum(let floor):
            return Mathematics.naturalLog(max(x, floor))
        case .naturalOfSum(let floor):
            return Mathematics.naturalLog(x + floor)
        case .decibels(_, _, let lower, let upper):
            guard x > 0 else { return lower }
            return min(upper, max(lower, perOctave * Mathematics.log2(x) + atOne))
        }
    }

    /// The value gained by doubling `x`, away from floor and clips.
    var perOctave: Double {
        switch self {
        case .naturalOfMaximum, .naturalOfSum: Mathematics.naturalLog(2)
        case .decibels(_, let divisor, _, _): 10 / Mathematics.log2(10) / divisor
        }
    }

    /// The value at `x = 1`, away from floor and clips.
    var atOne: Double {
        switch self {
        case .naturalOfMaximum, .naturalOfSum: 0
        case .decibels(let offset, let divisor, _, _): offset / divisor
        }
    }
}
