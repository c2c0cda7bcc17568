// SPDX-License-Identifier: Apache-2.0

/// A linear congruential generator (Knuth's MMIX constants): enough to fill test data.
package struct TestRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        var result: UInt64 = 0
        for _ in 0..<2 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            result = result << 32 | state >> 32
        }
        return result
    }

    /// A number of `[0, 1)`.
    package mutating func unit() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// Numbers of `[-size, size)`.
    package mutating func numbers(_ count: Int, _ size: Float) -> [Float] {
        (0..<count).map { _ in size * (2 * unit() - 1) }
    }
}
