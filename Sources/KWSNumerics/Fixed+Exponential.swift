// SPDX-License-Identifier: Apache-2.0

extension Fixed {
    /// Returns `2^15 * 2^(-t / 2^(10+n))`, by 32 chords an octave (SPEC.md section 4).
    public static func exp2(_ t: UInt32, shift n: UInt32) -> UInt32 {
        let u = t >> n
        let p = u >> 10
        if p > 15 { return 0 }
        let i = (u >> 5) & 31
        let f = u & 31
        let high = exponentialTable(i)
        return (high - (((high - exponentialTable(i + 1)) * f) >> 5)) >> p
    }

    /// `round(32768 * 2^(-i/32))` for i in 0...32.
    static func exponentialTable(_ i: UInt32) -> UInt32 {
        switch i {
        case 0: 32768
        case 1: 32066
        case 2: 31379
        case 3: 30706
        case 4: 30048
        case 5: 29405
        case 6: 28774
        case 7: 28158
        case 8: 27554
        case 9: 26964
        case 10: 26386
        case 11: 25821
        case 12: 25268
        case 13: 24726
        case 14: 24196
        case 15: 23678
        case 16: 23170
        case 17: 22674
        case 18: 22188
        case 19: 21713
        case 20: 21247
        case 21: 20792
        case 22: 20347
        case 23: 19911
        case 24: 19484
        case 25: 19066
        case 26: 18658
        case 27: 18258
        case 28: 17867
        case 29: 17484
        case 30: 17109
        case 31: 16743
        default: 16384
        }
    }
}
