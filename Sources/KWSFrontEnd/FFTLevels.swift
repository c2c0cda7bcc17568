// SPDX-License-Identifier: Apache-2.0

/// How the integer FFT of SPEC.md divides its `N / 2` complex points, and what that costs in scale.
struct FFTLevels: Hashable, Sendable {
    let radix4: Int
    let radix2: Int

    /// - Requires: `points` is a power of two, 4 at least.
    init(points: Int) {
        let bits = (points / 2).trailingZeroBitCount
        radix4 = bits / 2
        radix2 = bits % 2
    }

    /// Right shift of sample times window: one bit a level, so that no level overflows.
    var inputShift: Int { radix4 + radix2 }

    /// Binary logarithm of (integer spectrum) / (spectrum of the windowed int16 samples).
    var gainBits: Int { 13 - inputShift - radix4 }
}
