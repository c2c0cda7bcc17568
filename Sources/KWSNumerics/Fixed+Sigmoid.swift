// SPDX-License-Identifier: Apache-2.0

extension Fixed {
    /// The logistic function in Q15 of a number in Q12, by 128 chords from 0 to 8 (SPEC.md section
    /// 1): within 2.6 of it, 11...32757.
    public static func sigmoid(_ x: Int16) -> Int32 {
        let a = min(32767, Int32(x.magnitude))
        let low = sigmoidTable(a >> 8)
        let v = low + (((sigmoidTable((a >> 8) + 1) - low) * (a & 255) + 128) >> 8)
        return x < 0 ? 32768 - v : v
    }

    /// tanh in Q15 of a number in Q12.
    public static func tanh(_ x: Int16) -> Int32 {
        2 * sigmoid(sat16(2 * Int32(x))) - 32768
    }

    /// `round(32768 / (1 + exp(-i/16)))` for i in 0...128.
    static func sigmoidTable(_ i: Int32) -> Int32 {
        switch i {
        case 0: 16384
        case 1: 16896
        case 2: 17407
        case 3: 17916
        case 4: 18421
        case 5: 18923
        case 6: 19420
        case 7: 19912
        case 8: 20397
        case 9: 20874
        case 10: 21344
        case 11: 21804
        case 12: 22255
        case 13: 22696
        case 14: 23127
        case 15: 23547
        case 16: 23955
        case 17: 24352
        case 18: 24737
        case 19: 25110
        case 20: 25471
        case 21: 25819
        case 22: 26155
        case 23: 26479
        case 24: 26790
        case 25: 27090
        case 26: 27377
        case 27: 27653
        case 28: 27917
        case 29: 28169
        case 30: 28411
        case 31: 28642
        case 32: 28862
        case 33: 29072
        case 34: 29272
        case 35: 29462
        case 36: 29644
        case 37: 29816
        case 38: 29979
        case 39: 30135
        case 40: 30282
        case 41: 30422
        case 42: 30555
        case 43: 30680
        case 44: 30799
        case 45: 30912
        case 46: 31018
        case 47: 31119
        case 48: 31214
        case 49: 31304
        case 50: 31389
        case 51: 31469
        case 52: 31545
        case 53: 31616
        case 54: 31684
        case 55: 31747
        case 56: 31807
        case 57: 31864
        case 58: 31917
        case 59: 31968
        case 60: 32015
        case 61: 32060
        case 62: 32102
        case 63: 32141
        case 64: 32179
        case 65: 32214
        case 66: 32247
        case 67: 32278
        case 68: 32307
        case 69: 32335
        case 70: 32361
        case 71: 32385
        case 72: 32408
        case 73: 32430
        case 74: 32450
        case 75: 32469
        case 76: 32487
        case 77: 32504
        case 78: 32520
        case 79: 32535
        case 80: 32549
        case 81: 32562
        case 82: 32574
        case 83: 32586
        case 84: 32597
        case 85: 32607
        case 86: 32617
        case 87: 32626
        case 88: 32635
        case 89: 32643
        case 90: 32650
        case 91: 32657
        case 92: 32664
        case 93: 32670
        case 94: 32676
        case 95: 32682
        case 96: 32687
        case 97: 32692
        case 98: 32696
        case 99: 32701
        case 100: 32705
        case 101: 32709
        case 102: 32712
        case 103: 32716
        case 104: 32719
        case 105: 32722
        case 106: 32725
        case 107: 32727
        case 108: 32730
        case 109: 32732
        case 110: 32734
        case 111: 32736
        case 112: 32738
        case 113: 32740
        case 114: 32742
        case 115: 32743
        case 116: 32745
        case 117: 32746
        case 118: 32747
        case 119: 32749
        case 120: 32750
        case 121: 32751
        case 122: 32752
        case 123: 32753
        case 124: 32754
        case 125: 32755
        case 126: 32756
        case 127: 32756
        default: 32757
        }
    }
}
