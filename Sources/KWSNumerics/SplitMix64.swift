// SPDX-License-Identifier: Apache-2.0

/// SplitMix64 (Steele, Lea, Flood 2014): a small generator whose seed gives the same numbers on
/// every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    /// All there is to know of the generator: as a seed, it goes on from here.
    package private(set) var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A generator for item `index` of a run: neighbours share nothing.
    package init(seed: UInt64, index: Int) {
        var root = SplitMix64(seed: seed)
        self.init(seed: root.next() ^ (UInt64(truncatingIfNeeded: index) &* 0xD1B5_4A32_D192_ED03))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A whole number of `0 ..< bound` by the high half of a product; its bias is below 2^-32 for
    /// bounds below 2^32.
    ///
    /// - Requires: `bound > 0`.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "empty range")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number of `[0, 1)` with 53 bits.
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number drawn uniformly from a range.
    package mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }
}
