// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A repeatable source of random numbers (SplitMix64).
struct Generator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        let unit = Double(next() >> 11) / Double(1 << 53)
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }

    /// A number of the normal distribution, by Box and Muller.
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform(0...0.999_999_999))).squareRoot()
        return radius * cos(2 * .pi * uniform(0...1))
    }
}
