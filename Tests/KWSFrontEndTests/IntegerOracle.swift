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
                return min(255, max(0, sum >> Int(t.shift)))
            }
        }
    }

    /// The Q10 logarithms, `[frameCount][bandCount]`, window peak included.
    func logarithms(of pcm: [Int16]) -> [[Int]] {
        let hop = Int(t.hopSamples)
        let window = Int(t.windowHops) * hop
        var x = pcm.prefix(window).map(Int.init)
        x += [Int](repeating: 0, count: window - x.count)
        var rows = (0..<Int(t.frameCount)).map { row(x, first: $0 * hop) }
        if t.features == .mfccPeak {
            let lp = log2q10(max(1, x.max() ?? 1))
            rows = rows.map { row in
                row.map { sat16(logadd($0, sat16(lp + Int(t.logFloor))) - lp) }
            }
        }
        return rows
    }

    private func row(_ x: [Int], first: Int) -> [Int] {
        let points = Int(t.fftPoints)
        var s = [Int](repeating: 0, count: points)
        for n in 0..<Int(t.frameSamples) {
            let before = first + n > 0 ? x[first + n - 1] : 0
            let e = fits32(x[first + n] * 32768 - Int(t.preemphasis) * before)
            s[n] = mulq(e, Int(t.window[n])) >> Int(t.inputShift)
        }
        let z = stride(from: 0, to: points, by: 2).map { (re: s[$0], im: s[$0 + 1]) }
        let spectrum = split(transform(z))
        let weights = Array(t.bandWeights)
        var offset = 0
        return (0..<Int(t.bandCount)).map { band in
            let (bin, bins) = (Int(t.bands[2 * band]), Int(t.bands[2 * band + 1]))
            defer { offset += bins }
            return logarithm(
                spectrum[bin..<bin + bins], weights[offset..<offset + bins].map(Int.init))
        }
    }

    private func transform(_ z: [Complex]) -> [Complex] {
        let m = z.count
        if m == 1 { return z }
        if m == 2 { return [add(z[0], z[1]), add(z[0], minus(z[1]))] }
        let part = (0..<4).map { p in
            transform(stride(from: p, to: m, by: 4).map { z[$0] })
        }
        let step = Int(t.fftPoints) / 2 / m
        func turned(_ p: Int, _ k: Int) -> Complex {
            if k == 0 || p == 0 { return half(part[p][k]) }
            return product(part[p][k], twiddle(p * k * step))
        }
        var out = [Complex](repeating: (0, 0), count: m)
        for k in 0..<m / 4 {
            let (a, b, c, d) = (turned(0, k), turned(1, k), turned(2, k), turned(3, k))
            let difference = add(b, minus(d))
            let rotated: Complex = (re: -difference.im, im: difference.re)  // i (b - d)
            out[k] = add(add(a, c), add(b, d))
            out[k + m / 4] = add(add(a, minus(c)), minus(rotated))
            out[k + m / 2] = add(add(a, c), minus(add(b, d)))
            out[k + 3 * m / 4] = add(add(a, minus(c)), rotated)
        }
        return out
    }

    private func split(_ z: [Complex]) -> [Complex] {
        let m = z.count
        var out = [Complex](repeating: (0, 0), count: m + 1)
        for k in 1..<m / 2 {
            let (x, y) = (half(z[k]), half(z[m - k]))
            let p: Complex = (x.re + y.re, x.im - y.im)
            let q: Complex = (x.re - y.re, x.im + y.im)
            let (u, v) = twiddle(3 * m / 4 + k)
            let turned: Complex = (
                mulq(q.im, u) + mulq(q.re, v), mulq(q.im, v) - mulq(q.re, u)
            )
            out[k] = ((p.re >> 1) + turned.re, (p.im >> 1) + turned.im)
            out[m - k] = ((p.re >> 1) - turned.re, turned.im - (p.im >> 1))
        }
        let (first, middle) = (half(z[0]), half(z[m / 2]))
        out[0] = (first.re + first.im, 0)
        out[m] = (first.re - first.im, 0)
        out[m / 2] = (middle.re, -middle.im)
        return out
    }

    private func logarithm(_ x: ArraySlice<Complex>, _ weights: [Int]) -> Int {
        var value: [Int]
        let exponent: Int
        if t.spectrum == 0 {
            value = x.map(magnitude)
            let s = bits(value.reduce(0, |)) - 16
            value = value.map { shifted($0, s) }
            exponent = s
        } else {
            let s = bits(x.reduce(0) { $0 | abs($1.re) | abs($1.im) }) - 15
            value = x.map {
                let (r, i) = (shifted(abs($0.re), s), shifted(abs($0.im), s))
                return (r * r + i * i) >> 15
            }
            exponent = 2 * s
        }
        let energy = zip(value, weights).reduce(0) { $0 + ($1.0 * $1.1) >> 8 }
        precondition(energy < 1 << 32)
        let floor = t.features == .mfccPeak ? -32768 : Int(t.logFloor)
        guard energy > 0 else { return max(floor, -32768) }
        return min(32767, max(floor, log2q10(energy) + 1024 * exponent + Int(t.logOffset)))
    }

    private func magnitude(_ x: Complex) -> Int {
        let either = abs(x.re) | abs(x.im)
        guard either > 0 else { return 0 }
        let s = bits(either) - 15
        let (r, i) = (shifted(abs(x.re), s), shifted(abs(x.im), s))
        let root = Int(Double(r * r + i * i).squareRoot())  // exact: the radicand is below 2^31
        return shifted(root, -s)
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
            fits32(mulq(x.re, w.0) - mulq(x.im, w.1)), fits32(mulq(x.re, w.1) + mulq(x.im, w.0))
        )
    }

    private func add(_ x: Complex, _ y: Complex) -> Complex {
        (fits32(x.re + y.re), fits32(x.im + y.im))
    }

    private func minus(_ x: Complex) -> Complex { (-x.re, -x.im) }
    private func half(_ x: Complex) -> Complex { (x.re >> 1, x.im >> 1) }
    private func mulq(_ a: Int, _ m: Int) -> Int { (a * m) >> 16 }
    private func sat16(_ v: Int) -> Int { min(32767, max(-32768, v)) }
    private func bits(_ u: Int) -> Int { Int.bitWidth - u.leadingZeroBitCount }
    private func shifted(_ u: Int, _ s: Int) -> Int { s >= 0 ? u >> s : u << -s }

    private func fits32(_ v: Int) -> Int { Int(Int32(v)) }
}
