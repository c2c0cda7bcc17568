// SPDX-License-Identifier: Apache-2.0

// An oracle: SPEC.md section 5 read aloud, in 64-bit integers with a trap on every overflow of what
// the specification says fits 32 bits. Recursive FFT, no sharing with any other implementation.

internal import Foundation
internal import KWSFrontEnd

struct IntegerOracle {
    typealias Complex = (re: Int, im: Int)
    let t: FrontEndTables

    /// Features of one window that starts a stream.
    func features(of pcm: [Int16]) -> [Int] {
        logarithms(of: pcm).flatMap { row in
            (0..<Int(t.featureCount)).map { k in
                let bands = Int(t.bandCount)
                let acc =
                    t.dct.isEmpty
                    ? row[k] : (0..<bands).reduce(0) { $0 + row[$1] * Int(t.dct[k * bands + $1]) }
                let sum = fits32(mulq(fits32(acc), Int(t.multipliers[k])) + Int(t.biases[k]))
                // With a fine plane sixteenths, as both bytes together give them.
                return min(t.finePlane == 0 ? 255 : 4095, max(0, sum >> Int(t.shift)))
            }
        }
    }

    /// The Q10 logarithms, `[frameCount][bandCount]`, window peak included.
    func logarithms(of pcm: [Int16]) -> [[Int]] {
        let hop = Int(t.hopSamples)
        let window = Int(t.windowHops) * hop
        var x = pcm.prefix(window).map(Int.init)
        x += [Int](repeating: 0, count: window - x.count)
        if t.features == .waveform {
            return (0..<Int(t.frameCount)).map { frame in
                (0..<Int(t.frameSamples)).map { 256 * x[frame * hop + $0] }
            }
        }
        var rows = (0..<Int(t.frameCount)).map { row(x, first: $0 * hop) }
        if t.features == .logSum {
            let floor = Int(t.logFloor)
            return rows.map { $0.map { $0 == -32768 ? floor : sat16(logadd($0, floor)) } }
        }
        if t.features == .pcen { return roots(rows) }
        if t.features == .mfccPeak {
            let lp = log2q10(max(1, x.max() ?? 1))
            rows = rows.map { row in
                row.map { sat16(logadd($0, sat16(lp + Int(t.logFloor))) - lp) }
            }
        }
        return rows
    }

    /// PCEN: what is requantised. Means as (mantissa, octave), `mantissa * 2^(octave - 23)`.
    private func roots(_ rows: [[Int]]) -> [[Int]] {
        let p = PCENTable(halves: t.own)
        func share(_ factor: UInt16, _ v: Int) -> Int {
            fits32(Int(factor) * v + 16384) >> 15
        }
        var means = [(m: Int, x: Int)](repeating: (0, 0), count: Int(t.bandCount))
        return rows.map { row in
            row.enumerated().map { j, l in
                let isHeard = l > Int(t.logFloor)
                let e = (m: isHeard ? octaves(1024 - (l & 1023)) << 9 : 0, x: l >> 10)
                var mean = means[j].m == 0 ? e : means[j]
                if means[j].m != 0 {
                    let x = isHeard ? max(mean.x, e.x) : mean.x
                    let (from, to) = (mean.m >> (x - mean.x), isHeard ? e.m >> (x - e.x) : 0)
                    let v = from + ((to - from) * Int(p.smoothing)) >> 15
                    mean = (v << (24 - bits(v)), x - (24 - bits(v)))
                    if mean.x < -32 { mean = (1 << 23, -32) }
                }
                means[j] = mean
                var sum = Int(p.bias)
                if isHeard {
                    let divisor = logadd(log2q10(mean.m) + 1024 * (mean.x - 23), Int(p.epsilon))
                    sum = sat16(
                        logadd(l - share(p.gain, sat16(divisor)) + Int(p.offset), Int(p.bias)))
                }
                return 256 * octaves(max(0, Int(p.top) - share(p.root, sum)))
            }
        }
    }

    private func octaves(_ u: Int) -> Int {
        func entry(_ i: Int) -> Int { Int((32768 * exp2(-Double(i) / 32)).rounded()) }
        let (p, i, f) = (u >> 10, (u >> 5) & 31, u & 31)
        return p > 15 ? 0 : (entry(i) - ((entry(i) - entry(i + 1)) * f) >> 5) >> p
    }

    private func row(_ x: [Int], first: Int) -> [Int] {
        let points = Int(t.fftPoints)
        var v = [Int](repeating: 0, count: points)
        for n in 0..<Int(t.frameSamples) {
            let before = first + n > 0 ? x[first + n - 1] : 0
            let emphasis = fits32(Int(t.preemphasis) * before + 8192) >> 14
            v[n] = fits32((2 * x[first + n] - emphasis) * Int(t.window[n]))
        }
        if t.whitening > 0 {
            v = v.indices.map { n in
                let before = v[(n + points - 1) % points]
                return fits32(fits32(v[n] - before) + before >> Int(t.whitening))
            }
        }
        let all = v.reduce(0) { $0 | ($1 ^ ($1 >> 31)) }
        let r = max(0, bits(all) - 14)
        let s = v.map { fits16($0 >> r) }
        let silent = all == 0
        let (spectrum, halvings) = spectrum(
            stride(from: 0, to: points, by: 2).map { (re: s[$0], im: s[$0 + 1]) })
        let weights = t.bandWeights.map(Int.init)
        var offset = 0
        return (0..<Int(t.bandCount)).map { band in
            let (bin, bins) = (Int(t.bands[3 * band]), Int(t.bands[3 * band + 1]))
            defer { offset += bins }
            let floor = [.mfccPeak, .logSum].contains(t.features) ? -32768 : Int(t.logFloor)
            guard bins > 0, !silent else { return max(floor, -32768) }
            let l = logarithm(spectrum[bin..<bin + bins], weights[offset..<offset + bins])
            let shifts = 1024 * (r + halvings) * (t.spectrum == 0 ? 1 : 2)
            let tables = Int(t.logOffset) + Int(Int16(bitPattern: t.bands[3 * band + 2]))
            return min(32767, max(floor, l + shifts + tables))
        }
    }

    /// Steps 2 and 3, by recursion on levels: `X_0 ... X_M` and how often they are halved.
    private func spectrum(_ z: [Complex]) -> ([Complex], halvings: Int) {
        let m = z.count
        let isOdd = m.trailingZeroBitCount % 2 == 1
        let groups = isOdd ? firstOfTwo(z) : firstOfFour(z)
        let (places, halvings) = levels(groups, isOdd ? 1 : 2)
        let shift = places.allSatisfy(isSmall) ? 0 : 1
        var out = [Complex](repeating: (0, 0), count: m + 1)
        for k in 1..<m / 2 {
            let place = reversed(k, m)
            let conjugate: Complex = (places[reversed(m - k, m)].re, -places[reversed(m - k, m)].im)
            let p = plus(halved(wide(places[place], conjugate), shift), 1)
            let q = halved(wide(places[place], minus(conjugate)), shift)
            let even = halved(p, 1)
            let t = product(q, twiddle(place / 2))  // times -i: (t.im, -t.re)
            out[k] = add(even, (t.im, -t.re))
            let other = add(even, (-t.im, t.re))
            out[m - k] = (other.re, -other.im)
        }
        let (first, middle) = (places[0], halved(places[1], shift))
        out[0] = (fits16((first.re + first.im) >> shift), 0)
        out[m] = (fits16((first.re - first.im) >> shift), 0)
        out[m / 2] = (middle.re, -middle.im)
        return (out, halvings: halvings + shift)
    }

    private func firstOfTwo(_ z: [Complex]) -> [[Complex]] {
        let half = z.count / 2
        return [
            (0..<half).map { halved(wide(plus(z[$0], 1), z[$0 + half]), 1) },
            (0..<half).map { halved(wide(plus(z[$0], 1), minus(z[$0 + half])), 1) },
        ]
    }

    private func firstOfFour(_ z: [Complex]) -> [[Complex]] {
        let quarter = z.count / 4
        return four(quarter) { k in
            let (a, b, c) = (plus(z[k], 2), z[k + quarter], z[k + 2 * quarter])
            let d = z[k + 3 * quarter]
            return [
                halved(wide(a, c), 1), halved(wide(a, minus(c)), 1), halved(wide(b, d), 1),
                halved(wide(b, minus(d)), 1),
            ]
        } shift: {
            1
        }
    }

    /// All later levels of groups; the numbers in their order, and the halvings.
    private func levels(_ groups: [[Complex]], _ halvings: Int) -> ([Complex], Int) {
        let quarter = groups[0].count / 4
        if quarter == 0 { return (groups.flatMap { $0 }, halvings) }
        let shift = groups.allSatisfy { $0.allSatisfy(isSmall) } ? 1 : 2
        let pairs = Int(t.fftPoints) / 4  // T(g) and T3(g) stand behind as many T(2g)
        let next = groups.enumerated().flatMap { g, z in
            four(quarter) { k in
                let a = halved(plus(z[k], 2 * shift - 1), 1)
                let rest = (1..<4).map { part -> Complex in
                    let x = z[k + part * quarter]
                    if g == 0 { return halved(plus(x, 1), 1) }
                    return product(x, twiddle(part == 1 ? g : pairs + 2 * g + part - 2))
                }
                let (b, c, d) = (rest[0], rest[1], rest[2])
                return [add(a, c), add(a, minus(c)), add(b, d), add(b, minus(d))]
            } shift: {
                shift - 1
            }
        }
        return levels(next, halvings + shift)
    }

    /// The four groups from `e, o, p, q` of each k.
    private func four(
        _ quarter: Int, _ inner: (Int) -> [Complex], shift: () -> Int
    ) -> [[Complex]] {
        let shift = shift()
        let parts = (0..<quarter).map(inner)
        func group(_ combine: (Complex, Complex, Complex, Complex) -> Complex) -> [Complex] {
            parts.map { halved(combine($0[0], $0[1], $0[2], (-$0[3].im, $0[3].re)), shift) }
        }
        return [
            group { e, _, p, _ in wide(e, p) }, group { e, _, p, _ in wide(e, minus(p)) },
            group { _, o, _, iq in wide(o, minus(iq)) }, group { _, o, _, iq in wide(o, iq) },
        ]
    }

    private func logarithm(_ x: ArraySlice<Complex>, _ weights: ArraySlice<Int>) -> Int {
        precondition(weights.reduce(0, +) <= 32767)
        let squares = x.map { $0.re * $0.re + $0.im * $0.im }
        precondition(squares.allSatisfy { $0 < 1 << 29 })
        let energy =
            t.spectrum == 0
            ? zip(squares, weights).reduce(16384) { $0 + root($1.0) * $1.1 }
            : zip(squares, weights).reduce((squares.count + 1) / 2) { $0 + mulq(4 * $1.0, $1.1) }
        return log2q10(fits32(energy))
    }

    private func root(_ u: Int) -> Int {
        let pairs = (32 - bits(u | 1)) / 2
        let byte = ((u | 1) << (2 * pairs)) >> 24
        return Int((3968 * (Double(byte) + 0.5).squareRoot()).rounded()) >> (pairs - 1)
    }

    func log2q10(_ u: Int) -> Int {
        let p = bits(u) - 1
        let h = shifted(u, p - 15)
        let (i, f) = ((h >> 10) & 31, h & 1023)
        func entry(_ i: Int) -> Int { Int((32768 * log2(1 + Double(i) / 32)).rounded()) }
        let v = entry(i) + ((entry(i + 1) - entry(i)) * f) >> 10
        return p << 10 + (v + 16) >> 5
    }

    func logadd(_ a: Int, _ b: Int) -> Int {
        let d = abs(a - b)
        guard d < 10240 else { return max(a, b) }
        func entry(_ i: Int) -> Int { Int((1024 * log2(1 + exp2(-Double(i) / 4))).rounded()) }
        let (i, f) = (d >> 8, d & 255)
        return max(a, b) + (entry(i) * 256 + (entry(i + 1) - entry(i)) * f + 128) >> 8
    }

    private func twiddle(_ j: Int) -> (Int, Int) {
        (Int(t.twiddles[2 * j]), Int(t.twiddles[2 * j + 1]))
    }

    private func product(_ x: Complex, _ w: (Int, Int)) -> Complex {
        (
            fits16(fits32(x.re * w.0 - x.im * w.1 + 32768) >> 16),
            fits16(fits32(x.re * w.1 + x.im * w.0 + 32768) >> 16)
        )
    }

    private func reversed(_ k: Int, _ m: Int) -> Int {
        (0..<m.trailingZeroBitCount).reduce(0) { $0 << 1 | (k >> $1) & 1 }
    }

    private func isSmall(_ x: Complex) -> Bool {
        (-8192..<8192).contains(x.re) && (-8192..<8192).contains(x.im)
    }

    private func add(_ x: Complex, _ y: Complex) -> Complex {
        (fits16(x.re + y.re), fits16(x.im + y.im))
    }

    /// A sum of 17 bits, before it is halved.
    private func wide(_ x: Complex, _ y: Complex) -> Complex { (x.re + y.re, x.im + y.im) }
    private func minus(_ x: Complex) -> Complex { (-x.re, -x.im) }
    private func plus(_ x: Complex, _ n: Int) -> Complex { (x.re + n, x.im + n) }
    private func halved(_ x: Complex, _ shift: Int) -> Complex {
        (fits16(x.re >> shift), fits16(x.im >> shift))
    }
    private func mulq(_ a: Int, _ m: Int) -> Int { (a * m) >> 16 }
    private func sat16(_ v: Int) -> Int { min(32767, max(-32768, v)) }
    private func bits(_ u: Int) -> Int { Int.bitWidth - u.leadingZeroBitCount }
    private func shifted(_ u: Int, _ s: Int) -> Int { s >= 0 ? u >> s : u << -s }

    private func fits16(_ v: Int) -> Int { Int(Int16(v)) }
    private func fits32(_ v: Int) -> Int { Int(Int32(v)) }
}

extension FrontEndTables {
    var hasCosines: Bool { features == .mfcc || features == .mfccPeak }

    /// `[featureCount][bandCount]`.
    var dct: [Int16] { hasCosines ? own : [] }
}
