// SPDX-License-Identifier: Apache-2.0

/// How a grid of evenly spaced levels depends on what is learned of it.
///
/// A quantiser rounds x to `y = d * clamp(round(x / d), low, high)`. It learns the base-2 logarithm of
/// a size, so that a step of the optimiser is a share of the size however small that is, and, unless
/// the width is fixed, one number `width` from which the bits follow. Gradients go straight through
/// rounding (Bengio et al. 2013): with g the gradient by y, `inner = sum g (y - x)` over what lies in
/// range and `outer = sum g y` over what was clipped,
/// `dL/dlog2(size) = ln 2 * (inner + outer)` in every form, for there y follows the size.
protocol QuantiserForm: Sendable {
    /// The bits that a width stands for before they are made whole.
    func realBits(_ width: Float, _ kind: GridKind) -> Double

    /// The bits of the grid, 2 to 8.
    func bits(_ width: Float, _ kind: GridKind) -> Int

    /// The width from which `bits` follow.
    func width(_ bits: Int, _ kind: GridKind) -> Float

    /// The step of a size with a grid that spans `span` steps.
    func step(size: Float, span: Int) -> Float

    /// The inverse of `step`.
    func size(step: Float, span: Int) -> Float

    /// The gradient by `width` of what `inner` and `outer` sum up.
    func widthGradient(
        inner: Double, outer: Double, width: Float, bits: Int, kind: GridKind
    ) -> Double

    /// How the bits change with `width`, straight through the rounding.
    func bitsSlope(_ width: Float, _ kind: GridKind) -> Double
}

/// A width that is not learned, the bits themselves; the size is the range, as in learned step size
/// quantisation (Esser et al. 2020).
struct FixedForm: QuantiserForm {
    func realBits(_ width: Float, _ kind: GridKind) -> Double { Double(width) }
    func bits(_ width: Float, _ kind: GridKind) -> Int { Int(width.rounded()) }
    func width(_ bits: Int, _ kind: GridKind) -> Float { Float(bits) }
    func step(size: Float, span: Int) -> Float { size / Float(span) }
    func size(step: Float, span: Int) -> Float { step * Float(span) }
    func widthGradient(
        inner: Double, outer: Double, width: Float, bits: Int, kind: GridKind
    ) -> Double { 0 }
    func bitsSlope(_ width: Float, _ kind: GridKind) -> Double { 0 }
}

/// `b = round(2 + |beta|)` and the range are learned, as in Brevitas (Peter, Roth, Pernkopf 2021):
/// with span N(b), `dy/db = (x - y) N'(b) / N(b)` in range, else 0.
struct BrevitasForm: QuantiserForm {
    func realBits(_ width: Float, _ kind: GridKind) -> Double { Double(2 + abs(width)) }

    func bits(_ width: Float, _ kind: GridKind) -> Int {
        Int(min(8, realBits(width, kind)).rounded())
    }

    func width(_ bits: Int, _ kind: GridKind) -> Float { Float(bits - 2) }
    func step(size: Float, span: Int) -> Float { size / Float(span) }
    func size(step: Float, span: Int) -> Float { step * Float(span) }

    func widthGradient(
        inner: Double, outer: Double, width: Float, bits: Int, kind: GridKind
    ) -> Double {
        -inner * kind.spanSlope(bits) / Double(kind.span(bits)) * bitsSlope(width, kind)
    }

    func bitsSlope(_ width: Float, _ kind: GridKind) -> Double { width < 0 ? -1 : 1 }
}

/// Step d and range `qmax = 2^width d` are learned, the bits follow (Uhlich et al. 2020, equation 5
/// and the gradients of section 2): `b = ceil(log2(qmax / d + 1))`, one more with a sign. The range is
/// filled up to what b bits can write, and `dy/dqmax = sign(y)` where x was clipped, else 0.
struct UhlichForm: QuantiserForm {
    func realBits(_ width: Float, _ kind: GridKind) -> Double {
        kind.signBits + logarithm(exponential(width) + 1)
    }

    func bits(_ width: Float, _ kind: GridKind) -> Int {
        // A hundredth of a bit, so that a range that fits b bits exactly does not need one more.
        Int(min(8, max(2, realBits(width, kind) - 0.01)).rounded(.up))
    }

    func width(_ bits: Int, _ kind: GridKind) -> Float {
        Float(logarithm(exponential(Float(Double(bits) - kind.signBits)) - 1))
    }

    func step(size: Float, span: Int) -> Float { size }
    func size(step: Float, span: Int) -> Float { step }

    func widthGradient(
        inner: Double, outer: Double, width: Float, bits: Int, kind: GridKind
    ) -> Double { naturalLogarithmOf2 * outer }

    func bitsSlope(_ width: Float, _ kind: GridKind) -> Double {
        let ratio = exponential(width)
        return ratio / (ratio + 1)
    }
}
