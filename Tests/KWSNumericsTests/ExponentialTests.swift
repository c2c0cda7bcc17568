// SPDX-License-Identifier: Apache-2.0

// Goal: exp2 falls from 2^15, never rises, and is off by what its cuts and chords can make.
// Method: Double powers, every u below 2^15 at every shift.

internal import Foundation
internal import KWSNumerics
internal import Testing

@Suite struct ExponentialTests {
    /// Cutting t to 2^-10 of an octave raises the result by 2^-10 ln 2 at most; a chord of 1/32 lies
    /// above the curve by h^2/8 ln^2 2 = 6e-5; a node's rounding is 0.5, the floor of the interpolation
    /// raises by 1, the last floor lowers by 1.
    @Test func liesWithinItsCuts() {
        for n in UInt32(0)...13 {
            var before = UInt32.max
            for u in UInt32(0)..<1 << 14 {
                let t = u << n | (u & ((1 << n) - 1))
                let found = Fixed.exp2(t, shift: n)
                let real = 32768 * Foundation.exp2(-Double(t) / Foundation.exp2(Double(10 + n)))
                let error = Double(found) - real
                #expect(error < real * (0.000677 + 6e-5) + 1.5 && error > -1.5, "\(t), shift \(n)")
                #expect(found <= before)
                before = found
            }
        }
        #expect(Fixed.exp2(0, shift: 0) == 32768 && Fixed.exp2(1024, shift: 0) == 16384)
        #expect(Fixed.exp2(.max, shift: 0) == 0 && Fixed.exp2(16 << 10, shift: 0) == 0)
    }
}
