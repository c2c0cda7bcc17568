// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// A complex number of the transform, in memory as two int32.
///
/// With tables as the compiler writes them no sum exceeds 32 bits (SPEC.md 5, step 2). Sums wrap
/// nevertheless, so that twiddles which are no sines can't stop the program.
struct Complex {
    var re: Int32
    var im: Int32

    static func + (a: Complex, b: Complex) -> Complex {
        Complex(re: a.re &+ b.re, im: a.im &+ b.im)
    }

    static func - (a: Complex, b: Complex) -> Complex {
        Complex(re: a.re &- b.re, im: a.im &- b.im)
    }

    /// The half, rounded to minus infinity in both parts.
    var half: Complex { Complex(re: re >> 1, im: im >> 1) }

    var conjugate: Complex { Complex(re: re, im: 0 &- im) }

    /// The product with i.
    var timesI: Complex { Complex(re: 0 &- im, im: re) }

    var negative: Complex { Complex(re: 0 &- re, im: 0 &- im) }

    /// Half the product with a twiddle factor in Q15: `mulq` divides by 2^16.
    func halfProduct(_ w: Twiddle) -> Complex {
        Complex(
            re: Fixed.mulq(re, w.cosine) &- Fixed.mulq(im, w.negativeSine),
            im: Fixed.mulq(re, w.negativeSine) &+ Fixed.mulq(im, w.cosine))
    }
}

/// A pair of the twiddle table, Q15.
struct Twiddle {
    var cosine: Int16
    var negativeSine: Int16
}
