// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One frame by the definition in `Double`: window, discrete Fourier transform, band sums; and how
/// far integers may be from it.
struct PlainFrame {
    let frontEnd: TestFrontEnd
    /// `[M + 1]`, in units of the integer spectrum.
    let spectrum: [(re: Double, im: Double)]
    /// How far a bin may be from the definition, as a complex number.
    let bound: Double

    /// - Parameters:
    ///   - samples: the sample before the frame, then the frame.
    ///   - exponent: `e` of step 3.
    init(_ frontEnd: TestFrontEnd, samples: [Int16], exponent: Int32) {
        self.frontEnd = frontEnd
        let n = frontEnd.fftPoints
        var v = [Double](repeating: 0, count: n)
        for i in 0..<frontEnd.frameSamples {
            let x = 2 * Double(samples[i + 1])
            let before = Double(frontEnd.preemphasis) * Double(samples[i]) / 16384
            v[i] = (x - (before + 0.5).rounded(.down)) * Double(frontEnd.window[i])
        }
        if frontEnd.whitening > 0 {
            let kept = 1 - exp2(-Double(frontEnd.whitening))
            v = v.indices.map { v[$0] - kept * v[($0 + n - 1) % n] }
        }
        let scale = exp2(-Double(exponent))
        let circle = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
        let table = circle.map { (cos($0), sin($0)) }
        spectrum = (0...n / 2).map { k in
            var (re, im) = (0.0, 0.0)
            for i in 0..<n where v[i] != 0 {
                re += v[i] * table[k * i % n].0
                im -= v[i] * table[k * i % n].1
            }
            return (re * scale, im * scale)
        }
        bound = Self.bound(frontEnd)
    }

    /// Follows the largest error |e| of a complex number through the levels of SPEC.md 5.
    ///
    /// - Input: a sample is floored once, by less than 1 (whitening: before that once by less than
    ///   1 of what is then shifted, unless the frame is all but silent: 1 more), a pair by
    ///   2 sqrt 2.
    /// - The first level averages, and rounds to the nearest half in both parts: sqrt 2 / 2.
    /// - A later level adds four halves, each rounded (sqrt 2 / 2), three of them products with
    ///   a twiddle. That is off by 1 in Q15 in both parts at most, on half a number of 2^14.5.
    /// - The split does the same with two.
    static func bound(_ frontEnd: TestFrontEnd) -> Double {
        let rounding = 0.5.squareRoot()
        let twiddle = 2.0.squareRoot() / 32768 * exp2(14.5) / 2
        var e = 2 * 2.0.squareRoot() + rounding
        var points = frontEnd.points.trailingZeroBitCount % 2 == 1 ? 2 : 4
        while points < frontEnd.points {
            e = 2 * e + 4 * rounding + 3 * twiddle
            points *= 4
        }
        return 2 * e + 3 * rounding + twiddle
    }

    /// What the logarithm of a band may be, from the integer spectrum: with everything rounded up
    /// or, but for the table's logarithm, down.
    ///
    /// A root is off by 1/255 at most, and cut by less than 1; an even square counts as 1 more; a
    /// product of a power is cut by less than 1. log2q10 adds -0.775 ... +0.517 (see
    /// LogarithmTests).
    static func logarithm(
        _ frontEnd: TestFrontEnd, band: Int, _ x: [(re: Double, im: Double)], exponent: Int32
    ) -> ClosedRange<Double> {
        func clamped(_ l: Double) -> Double {
            min(32767, max(Double(frontEnd.hasFloor ? frontEnd.logFloor : -32768), l))
        }
        let (first, weights) = frontEnd.bands[band]
        if weights.isEmpty || exponent < 0 { return clamped(-32768)...clamped(-32768) }
        var (low, high) = (16384.0, 16384.0)
        if frontEnd.isPower { low = Double((weights.count + 1) / 2) }
        if frontEnd.isPower { high = low }
        for (bin, w) in zip(x[first..<first + weights.count], weights) {
            let square = bin.re * bin.re + bin.im * bin.im
            if frontEnd.isPower {
                high += 4 * square * Double(w) / 65536
                low += max(0, 4 * square * Double(w) / 65536 - 1)
            } else {
                let (least, most) = (1 - 1 / 255.0, 1 + 1 / 255.0)
                high += 31 / 16 * (square + 1).squareRoot() * most * Double(w)
                low += max(0, 31 / 16 * square.squareRoot() * least - 1) * Double(w)
            }
        }
        let offset = Double(frontEnd.logOffset + frontEnd.logOffset(ofBand: band))
        let shifts = 1024 * Double(exponent) * (frontEnd.isPower ? 2 : 1)
        func l(_ sum: Double) -> Double { 1024 * log2(sum) + shifts + offset }
        return clamped(l(low) - 0.775)...clamped(l(high) + 0.517)
    }
}
