// SPDX-License-Identifier: Apache-2.0

// Goal: the fixed-point operators return the numbers of SPEC.md section 1, on their whole domain.
// Method: wide integers and Double floors as oracles; small domains are exhausted, large ones are
// swept at their edges and by 10^7 random pairs.

internal import KWSNumerics
internal import Testing

@Suite struct FixedTests {
    /// Numbers of every size: random bits with a random number of leading ones or zeros cut off.
    static func anyInt32(_ random: inout SplitMix64) -> Int32 {
        let bits = random.next()
        return Int32(truncatingIfNeeded: bits >> 32) >> Int32(bits & 31)
    }

    static let edges: [Int32] = [
        .min, .min + 1, -65537, -65536, -65535, -32769, -32768, -1, 0, 1, 32767, 32768, 65535,
        65536, 65537, .max - 1, .max,
    ]

    @Test func saturationClamps() {
        for v in Int32(-70000)...70000 {
            #expect(Fixed.clip(v) == UInt8(clamping: v))
            #expect(Fixed.sat16(v) == Int16(clamping: v))
        }
        for v in -100...Int32(100) {
            #expect(Fixed.clip(v, bits: 4) == (v < 0 ? 0 : v > 15 ? 15 : UInt8(v)))
            #expect(Fixed.clip(v, bits: 2) == (v < 0 ? 0 : v > 3 ? 3 : UInt8(v)))
        }
        for v in Self.edges {
            #expect(Fixed.clip(v) == UInt8(clamping: v))
            #expect(Fixed.sat16(v) == Int16(clamping: v))
        }
    }

    /// floor(a * m / 2^16) by 64-bit division, which truncates, and a correction.
    static func wideMulq(_ a: Int32, _ m: Int16) -> Int64 {
        let product = Int64(a) * Int64(m)
        let quotient = product / 65536
        return product % 65536 < 0 ? quotient - 1 : quotient
    }

    @Test(arguments: [UInt64(1)]) func mulqIsTheFlooredProduct(seed: UInt64) {
        var wrong = 0
        for a in Self.edges {
            for m in Int16.min...Int16.max
            where Int64(Fixed.mulq(a, m)) != Self.wideMulq(a, m) { wrong += 1 }
        }
        var random = SplitMix64(seed: seed)
        for _ in 0..<10_000_000 {
            let a = Self.anyInt32(&random)
            let m = Int16(truncatingIfNeeded: random.next())
            if Int64(Fixed.mulq(a, m)) != Self.wideMulq(a, m) { wrong += 1 }
        }
        #expect(wrong == 0, "seed \(seed)")
    }

    @Test(arguments: [UInt64(2)]) func requantIsTheFlooredRescaling(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var wrong = 0
        var counts = (low: 0, inside: 0, high: 0)
        let limit: Int32 = (1 << 30) - 1
        for round in 0..<2_000_000 {
            let acc = round % 8 == 0 ? Self.edges[round / 8 % 17] : Self.anyInt32(&random)
            let m = Int16(truncatingIfNeeded: random.next())
            let b = round % 16 == 1 ? limit : min(limit, max(-limit, Self.anyInt32(&random)))
            let n = Int32.random(in: 0...30, using: &random)
            // Exact in Double: |acc * m| < 2^47, and the sum's quotient has at most 31 + 30 bits
            // of which a division by a power of two loses none.
            let scaled = (Double(acc) * Double(m) / 65536).rounded(.down) + Double(b)
            let expected = (scaled / Double(1 << n)).rounded(.down)
            let bits: Int32 = [8, 4, 2][round % 3]
            let most = Double((1 << bits) - 1)
            let found = Fixed.requant(acc, multiplier: m, bias: b, shift: n, bits: bits)
            if Double(found) != min(most, max(0, expected)) { wrong += 1 }
            if expected < 0 {
                counts.low += 1
            } else if expected > most {
                counts.high += 1
            } else {
                counts.inside += 1
            }
        }
        #expect(wrong == 0, "seed \(seed)")
        // The method sees saturation on both sides and what lies between.
        #expect(min(counts.low, counts.inside, counts.high) > 10_000, "\(counts)")
    }

    /// The table as SPEC.md defines it, and how near its steps of 1/64 at most keep the root.
    @Test func rootIsNearTheRoot() {
        for i in UInt32(64)..<256 {
            #expect(Fixed.rootEntry(i) == UInt32((3968 * (Double(i) + 0.5).squareRoot()).rounded()))
        }
        var random = SplitMix64(seed: 31)
        var wrong = 0
        for n in 0..<200_000 {
            let u =
                n < 1000
                ? UInt32(n) : UInt32.random(in: 0..<1 << 29, using: &random) >> UInt32(n % 29)
            let found = Double(Fixed.root(u))
            let (low, high) = (Double(u).squareRoot(), Double(u + 1).squareRoot())
            // Half a step is 1/128 of h, 1/256 of its root; the shift cuts less than 1.
            if found <= 31 / 16 * low * (1 - 1 / 255.0) - 1 || found < 1
                || found >= 31 / 16 * high * (1 + 1 / 255.0)
            {
                wrong += 1
            }
        }
        #expect(wrong == 0)
    }

    @Test func bitsCountsUpToTheLeadingOne() {
        #expect(Fixed.bits(0) == 0)
        for length in Int32(1)...32 {
            let first = UInt32(1) << (length - 1)
            #expect(Fixed.bits(first) == length)
            #expect(Fixed.bits(first | (first - 1)) == length)
        }
    }

    @Test(arguments: [UInt64(3)]) func divIsTheFlooredQuotient(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<100_000 {
            let u = Self.anyInt32(&random).magnitude
            let v = max(1, Self.anyInt32(&random).magnitude)
            let q = UInt64(Fixed.div(u, v))
            #expect(q * UInt64(v) <= u && UInt64(u) < (q + 1) * UInt64(v), "seed \(seed)")
        }
    }
}
