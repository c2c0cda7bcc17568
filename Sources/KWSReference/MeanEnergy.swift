// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// A positive number of 24 bits, `mantissa * 2^(octave - 23)`, `2^23 <= mantissa < 2^24`; all 0 before
/// there was a sound.
struct MeanEnergy {
    var mantissa: Int32 = 0
    var octave: Int32 = 0

    var isStart: Bool { mantissa == 0 }

    /// `2^(l / 1024)`.
    static func power(_ l: Int32) -> MeanEnergy {
        let part = Fixed.exp2(UInt32(1024 - (l & 1023)), shift: 0)
        return MeanEnergy(mantissa: Int32(part) << 9, octave: l >> 10)
    }

    /// Q10.
    var logarithm: Int32 { Fixed.log2q10(UInt32(mantissa)) + 1024 * (octave - 23) }

    /// Takes a step of `smoothing`, Q15, to an energy; nil: to none. Not below 2^-32.
    mutating func approach(_ energy: MeanEnergy?, smoothing: Int32) {
        let common = max(octave, energy?.octave ?? octave)
        let from = Int64(mantissa >> min(31, common - octave))
        let to = energy.map { Int64($0.mantissa >> min(31, common - $0.octave)) } ?? 0
        let sum = from + ((to - from) * Int64(smoothing)) >> 15
        let gained = Int32(sum.leadingZeroBitCount) - 40
        (mantissa, octave) = (Int32(sum << gained), common - gained)
        if octave < -32 { (mantissa, octave) = (1 << 23, -32) }
    }
}
