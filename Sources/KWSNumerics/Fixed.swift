// SPDX-License-Identifier: Apache-2.0

/// The fixed-point operators of SPEC.md section 1, by the names that they have in C.
///
/// Each is exact on its whole domain: the same bits on every core, one rounding, which it names.
public enum Fixed {
    /// Rounds `v` to the nearest number of `bits` bits, 0...2^bits - 1.
    ///
    /// - Requires: `bits` in 1...8.
    @inlinable
    public static func clip(_ v: Int32, bits: Int32 = 8) -> UInt8 {
        UInt8(truncatingIfNeeded: min((1 << bits) - 1, max(0, v)))
    }

    /// Rounds `v` to the nearest number of -32768...32767.
    @inlinable
    public static func sat16(_ v: Int32) -> Int16 {
        Int16(truncatingIfNeeded: min(32767, max(-32768, v)))
    }

    /// Multiplies by `m / 2^16` and rounds to minus infinity: `floor(a * m / 2^16)`.
    ///
    /// From the halves of `a = hi * 2^16 + lo`, because `hi * m` counts whole units of the result;
    /// `|hi * m| <= 2^15 * 2^15 = 2^30` and `|lo * m| < 2^16 * 2^15 = 2^31`, so 32 bits hold both.
    @inlinable
    public static func mulq(_ a: Int32, _ m: Int16) -> Int32 {
        let hi = a >> 16
        let lo = a & 0xFFFF
        return hi * Int32(m) + ((lo * Int32(m)) >> 16)
    }

    /// Rescales an accumulator to an activation: `clip((mulq(acc, m) + b) >> n; bits)`.
    ///
    /// - Requires: `|bias| < 2^30`, since `|mulq| <= 2^30`; `shift` in 0...30.
    @inlinable
    public static func requant(
        _ acc: Int32, multiplier: Int16, bias: Int32, shift: Int32, bits: Int32 = 8
    ) -> UInt8 {
        clip((mulq(acc, multiplier) + bias) >> shift, bits: bits)
    }

    /// Returns the length of `u` in bits; that of 0 is 0.
    @inlinable
    public static func bits(_ u: UInt32) -> Int32 {
        32 - Int32(truncatingIfNeeded: u.leadingZeroBitCount)
    }

    /// Returns the floor of `u / v`.
    ///
    /// - Requires: `v > 0`.
    @inlinable
    public static func div(_ u: UInt32, _ v: UInt32) -> UInt32 {
        u / v
    }
}
