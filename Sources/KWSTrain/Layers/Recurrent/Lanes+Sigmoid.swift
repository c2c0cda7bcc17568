// SPDX-License-Identifier: Apache-2.0

extension Lanes {
    /// `e^x` for |x| <= 87, clamped there: `2^k e^r` with `|r| <= ln 2 / 2` and e^r by its series to
    /// r^7 / 7!; what is left out is below 2^-27 of it, so an error is a few roundings of 2^-24.
    @inline(__always)
    static func exp(_ x: Lanes) -> Lanes {
        let x = x.clamped(lowerBound: Lanes(repeating: -87), upperBound: Lanes(repeating: 87))
        // Adding 1.5 * 2^23 rounds to an integer, which then is the sum's last bits.
        let magic = Lanes(repeating: 12_582_912)
        let shifted = x * 1.442_695_04 + magic
        let k = shifted - magic
        // ln 2 in two parts; the first has few bits, so that k times it is exact.
        let r = (x - k * 0.693_359_375) - k * -2.121_944_4e-4
        var sum = r * (1.0 / 5040) + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = (sum * r + 0.5) * r * r + r + 1
        let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
        let power = unsafeBitCast(bits &+ SIMD8<Int32>(repeating: 127 << 23), to: Lanes.self)
        return sum * power
    }

    /// `1 / (1 + e^-x)`.
    @inline(__always)
    static func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exp(-x)) }

    /// `tanh x`, to within 2^-23.
    @inline(__always)
    static func tanh(_ x: Lanes) -> Lanes { 1 - 2 / (exp(x + x) + 1) }
}
