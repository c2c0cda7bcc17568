// SPDX-License-Identifier: Apache-2.0

/// A complex number of the transform, in memory as two int32.
///
/// SPEC.md 5, step 2, shows that 16 bits hold every one of them.
struct Complex {
    var re: Int32
    var im: Int32

    static func + (a: Complex, b: Complex) -> Complex {
        Complex(re: a.re + b.re, im: a.im + b.im)
    }

    static func - (a: Complex, b: Complex) -> Complex {
        Complex(re: a.re - b.re, im: a.im - b.im)
    }

    /// Both parts shifted, rounded to minus infinity.
    static func >> (a: Complex, shift: Int32) -> Complex {
        Complex(re: a.re >> shift, im: a.im >> shift)
    }

    /// `n` more in both parts.
    func raised(by n: Int32) -> Complex { Complex(re: re + n, im: im + n) }

    var conjugate: Complex { Complex(re: re, im: -im) }

    /// The product with i.
    var timesI: Complex { Complex(re: -im, im: re) }

    /// The half, rounded; halves upwards.
    var half: Complex { raised(by: 1) >> 1 }

    /// Half the product with a twiddle factor in Q15, rounded; halves upwards.
    func halfProduct(_ w: Twiddle) -> Complex {
        let (u, v) = (Int32(w.cosine), Int32(w.negativeSine))
        // A twiddle's length is 2^15 (1 + 2^-14) at most, so no sum exceeds 2^31 - 2^15.
        return Complex(re: re * u - im * v, im: re * v + im * u).raised(by: 1 << 15) >> 16
    }

    /// Whether both parts lie in -2^13 ..< 2^13.
    var isSmall: Bool {
        let range: Range<Int32> = -8192..<8192
        return range.contains(re) && range.contains(im)
    }
}

/// A pair of the twiddle table, Q15.
struct Twiddle {
    var cosine: Int16
    var negativeSine: Int16
}
