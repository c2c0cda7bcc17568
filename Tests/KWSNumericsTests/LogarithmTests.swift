// SPDX-License-Identifier: Apache-2.0

// Goal: log2q10 and logadd lie within the error that their chords and roundings can make.
// Method: Double logarithms; every u below 2^18, every power of two's neighbours, random ones;
// every distance; the tables' entries by their formulas.

internal import Foundation
internal import KWSNumerics
internal import Testing

@Suite struct LogarithmTests {
    // In steps of Q10. A chord of length h errs by at most h^2/8 max |f''|; for log2(1 + x) and
    // h = 1/32 that is 1024 * 1.4427 / 8192 = 0.181, below the curve. Cutting u to 16 bits costs
    // 1024 * 1.4427 / 2^15 = 0.046 and the shift by 10 one step of Q15, 0.032, both downwards;
    // an entry's rounding 0.5 / 32 = 0.016 and the last rounding 0.5 in both directions.
    static let above = 0.5 + 0.016 + 1e-6
    static let below = 0.5 + 0.016 + 0.181 + 0.046 + 0.032

    @Test(arguments: [UInt64(4)]) func log2q10IsAsExactAsItsChords(seed: UInt64) {
        var worst = (low: 0.0, high: 0.0)
        func look(_ u: UInt32) {
            let error = Double(Fixed.log2q10(u)) - 1024 * log2(Double(u))
            worst = (min(worst.low, error), max(worst.high, error))
        }
        for u in UInt32(1)..<1 << 18 { look(u) }
        for p in 18..<32 {
            let power = UInt32(1) << p
            for u in [power - 1, power, power + 1, power | (power - 1)] { look(u) }
        }
        var random = SplitMix64(seed: seed)
        for _ in 0..<1_000_000 {
            look(max(1, UInt32(truncatingIfNeeded: random.next())))
        }
        #expect(worst.high <= Self.above && worst.low >= -Self.below, "\(worst), seed \(seed)")
        // Powers of two are exact.
        for p in Int32(0)..<32 { #expect(Fixed.log2q10(1 << UInt32(p)) == p << 10) }
    }

    @Test func log2q10NeverFalls() {
        var before = Fixed.log2q10(1)
        var falls = 0
        for u in UInt32(2)..<1 << 18 {
            let now = Fixed.log2q10(u)
            if now < before { falls += 1 }
            before = now
        }
        #expect(falls == 0)
    }

    @Test func logaddIsAsExactAsItsChords() {
        // The second derivative of log2(1 + 2^-x) is ln 2 * p (1 - p) <= 0.1733, so a chord of a
        // quarter octave errs by 1024 * 0.1733 / 128 = 1.387 at most; an entry's rounding and the
        // last one by 0.5 each. From ten octaves on 0 stands for 1.443 or less.
        let bound = 1.387 + 0.5 + 0.5
        var worst = 0.0
        for d in Int32(0)...65535 {
            let exact = 1024 * log2(1 + exp2(-Double(d) / 1024))
            for a in [Int32(-32768), 0, 32767] {
                worst = max(worst, abs(Double(Fixed.logadd(a, a - d) - a) - exact))
                worst = max(worst, abs(Double(Fixed.logadd(a - d, a) - a) - exact))
            }
        }
        #expect(worst <= bound, "\(worst)")
        #expect(Fixed.logadd(0, 0) == 1024)
    }

    @Test func tablesAreTheirFormulas() {
        // At a chord's ends the interpolation vanishes: h = 32768 + 1024 i, cut to Q10.
        for i in UInt32(0)..<32 {
            let entry = (32768 * log2(1 + Double(i) / 32)).rounded()
            let found = Fixed.log2q10(32768 + 1024 * i)
            #expect(found == 15360 + (Int32(entry) + 16) >> 5)
        }
        for i in Int32(0)...39 {
            let entry = (1024 * log2(1 + exp2(-Double(i) / 4))).rounded()
            #expect(Fixed.logadd(0, -256 * i) == Int32(entry))
        }
        #expect(Fixed.logadd(0, -10240) == 0)
    }
}
