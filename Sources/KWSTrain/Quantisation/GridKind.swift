// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Which integers a grid of b bits has.
enum GridKind: Sendable, Hashable {
    /// Of weights: `-(2^(b-1) - 1)...2^(b-1) - 1`, and `-2^(b-1)` too below 8 bits.
    case signed
    /// Of activations: `2^b` levels from `-zero` on, where `zero` is the share of the range below 0,
    /// rounded to a whole step.
    case unsigned(below: Float)

    /// The steps that a size is divided into: up to the highest level for weights, over the whole
    /// range for activations.
    func span(_ bits: Int) -> Int {
        switch self {
        case .signed: (1 << (bits - 1)) - 1
        case .unsigned: (1 << bits) - 1
        }
    }

    /// `d span / d bits`.
    func spanSlope(_ bits: Int) -> Double {
        naturalLogarithmOf2
            * Double(
                self == .signed ? 1 << (bits - 1) : 1 << bits)
    }

    /// Bits that the sign takes.
    var signBits: Double { self == .signed ? 1 : 0 }

    func levels(_ bits: Int) -> (low: Float, high: Float) {
        switch self {
        case .signed:
            let span = Float(span(bits))
            return (bits < 8 ? -span - 1 : -span, span)
        case .unsigned:
            let zero = zeroPoint(bits)
            return (Float(-zero), Float(span(bits) - zero))
        }
    }

    /// The number that stands for 0.
    func zeroPoint(_ bits: Int) -> Int {
        guard case .unsigned(let below) = self else { return 0 }
        return Int((below * Float(span(bits))).rounded())
    }
}

let naturalLogarithmOf2 = 0.6931471805599453

func exponential(_ x: Float) -> Double { exp2(Double(x)) }
func logarithm(_ x: Double) -> Double { log2(x) }
