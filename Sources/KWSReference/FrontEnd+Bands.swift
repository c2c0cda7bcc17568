// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

// Step 4. Shifts by a number below zero go the other way (Swift's `>>` and `<<` do so).

extension FrontEnd {
    /// The weighted sum of magnitudes of the bins from `first` on.
    func magnitudes(_ first: Int, _ bins: Int, _ weights: UnsafePointer<UInt16>) -> BandEnergy {
        var t: UInt32 = 0
        for i in 0..<bins { t |= magnitude(spectrum[first + i]) }
        if t == 0 { return BandEnergy(value: 0, exponent: 0) }

        let s = Fixed.bits(t) - 16
        var sum: UInt32 = 0
        for i in 0..<bins {
            // v < 2^16, w <= 2^15; with 511 bins at most, sum < 511 * 2^23 < 2^32.
            let v = magnitude(spectrum[first + i]) >> s
            sum += (v * UInt32(weights[i])) >> 8
        }
        return BandEnergy(value: sum, exponent: s)
    }

    /// The weighted sum of squares of the bins from `first` on.
    func powers(_ first: Int, _ bins: Int, _ weights: UnsafePointer<UInt16>) -> BandEnergy {
        var t: UInt32 = 0
        for i in 0..<bins {
            t |= spectrum[first + i].re.magnitude | spectrum[first + i].im.magnitude
        }
        if t == 0 { return BandEnergy(value: 0, exponent: 0) }

        let s = Fixed.bits(t) - 15
        var sum: UInt32 = 0
        for i in 0..<bins {
            // v < 2^16 and w <= 2^15, as above.
            let v = square(spectrum[first + i], shift: s) >> 15
            sum += (v * UInt32(weights[i])) >> 8
        }
        return BandEnergy(value: sum, exponent: 2 * s)
    }

    /// `A_k`: the absolute value of a bin, to 15 bits or better.
    private func magnitude(_ x: Complex) -> UInt32 {
        let t = x.re.magnitude | x.im.magnitude
        if t == 0 { return 0 }
        let s = Fixed.bits(t) - 15
        return Fixed.isqrt(square(x, shift: s)) << s
    }

    /// The square of the absolute value after a shift to the right that leaves 15 bits:
    /// `2 * (2^15 - 1)^2 < 2^31`.
    private func square(_ x: Complex, shift s: Int32) -> UInt32 {
        let re = x.re.magnitude >> s
        let im = x.im.magnitude >> s
        return re * re + im * im
    }
}
