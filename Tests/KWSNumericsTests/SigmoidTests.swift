// SPDX-License-Identifier: Apache-2.0

// Goal: the logistic function and tanh by table are as close as SPEC.md section 1 says, and monotonic.
// Method: Double, every int16.

internal import Foundation
internal import KWSNumerics
internal import Testing

@Suite struct SigmoidTests {
    /// Chords 1/16 wide: 1/16^2 / 8 of the largest second derivative 1/(6 sqrt 3), in Q15, is 1.54; an
    /// entry and the chord are rounded, 0.5 each. tanh is twice that below 4, above it stays at its end,
    /// 2^15 (1 - tanh 4) = 22 below 1.
    @Test func areWithinTheirChords() {
        var before = (sigmoid: Int32(0), tanh: Int32(-32768))
        for x in Int16.min...Int16.max {
            let real = Double(x) / 4096
            let (s, t) = (Fixed.sigmoid(x), Fixed.tanh(x))
            #expect(abs(Double(s) - 32768 / (1 + Foundation.exp(-real))) < 2.6)
            let off = abs(Double(t) - 32768 * Foundation.tanh(real))
            #expect(off < (abs(real) < 4 ? 5.2 : 27.2))
            #expect(s >= before.sigmoid && t >= before.tanh)
            before = (s, t)
        }
        #expect(Fixed.sigmoid(.min) == 11 && Fixed.sigmoid(.max) == 32757 && Fixed.tanh(0) == 0)
    }
}
