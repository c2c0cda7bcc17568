// SPDX-License-Identifier: Apache-2.0

extension Fixed {
    /// Returns the logarithm to base 2 of `u` in Q10, by 32 chords an octave (SPEC.md 5, step 5).
    ///
    /// - Requires: `u > 0`.
    public static func log2q10(_ u: UInt32) -> Int32 {
        let p = bits(u) - 1
        // A smart shift: to the right where 15 - p is negative. Bit 15 of h is its leading one.
        let h = Int32(truncatingIfNeeded: u << (15 - p))
        let i = (h >> 10) & 31
        let f = h & 1023
        let low = logarithmTable(i)
        let v = low + (((logarithmTable(i + 1) - low) * f) >> 10)
        return (p << 10) + ((v + 16) >> 5)
    }

    /// Returns `log2(2^a + 2^b)`, all three in Q10 (SPEC.md 5, step 6).
    ///
    /// - Requires: `|a|, |b| <= 2^29`, so that their distance fits.
    public static func logadd(_ a: Int32, _ b: Int32) -> Int32 {
        let distance = a > b ? a - b : b - a
        return max(a, b) + logaddGain(distance)
    }

    /// Returns `1024 log2(1 + 2^(-d/1024))` for `d >= 0`, by chords of a quarter octave.
    static func logaddGain(_ d: Int32) -> Int32 {
        if d >= 10240 { return 0 }
        let i = d >> 8
        let f = d & 255
        let low = logaddTable(i)
        return (low * 256 + (logaddTable(i + 1) - low) * f + 128) >> 8
    }

    /// `round(32768 log2(1 + i/32))` for i in 0...32; a switch is a constant table without a heap.
    static func logarithmTable(_ i: Int32) -> Int32 {
        switch i {
        case 0: 0
        case 1: 1455
        case 2: 2866
        case 3: 4236
        case 4: 5568
        case 5: 6863
        case 6: 8124
        case 7: 9352
        case 8: 10549
        case 9: 11716
        case 10: 12855
        case 11: 13968
        case 12: 15055
        case 13: 16117
        case 14: 17156
        case 15: 18173
        case 16: 19168
        case 17: 20143
        case 18: 21098
        case 19: 22034
        case 20: 22952
        case 21: 23852
        case 22: 24736
        case 23: 25604
        case 24: 26455
        case 25: 27292
        case 26: 28114
        case 27: 28922
        case 28: 29717
        case 29: 30498
        case 30: 31267
        case 31: 32024
        default: 32768
        }
    }

    /// `round(1024 log2(1 + 2^(-i/4)))` for i in 0...40.
    static func logaddTable(_ i: Int32) -> Int32 {
        switch i {
        case 0: 1024
        case 1: 902
        case 2: 790
        case 3: 689
        case 4: 599
        case 5: 518
        case 6: 447
        case 7: 385
        case 8: 330
        case 9: 282
        case 10: 240
        case 11: 205
        case 12: 174
        case 13: 148
        case 14: 125
        case 15: 106
        case 16: 90
        case 17: 76
        case 18: 64
        case 19: 54
        case 20: 45
        case 21: 38
        case 22: 32
        case 23: 27
        case 24: 23
        case 25: 19
        case 26: 16
        case 27: 14
        case 28: 11
        case 29: 10
        case 30: 8
        case 31: 7
        case 32: 6
        case 33: 5
        case 34: 4
        case 35: 3
        case 36: 3
        case 37: 2
        case 38: 2
        case 39: 2
        default: 1
        }
    }
}
