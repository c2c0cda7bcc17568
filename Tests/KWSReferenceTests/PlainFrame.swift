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

    /// - Parameter samples: the sample before the frame, then the frame.
    init(_ frontEnd: TestFrontEnd, samples: [Int16]) {
        self.frontEnd = frontEnd
        let n = frontEnd.fftPoints
        let g = Double(frontEnd.inputShift)
        let window = frontEnd.window
        var s = [Double](repeating: 0, count: n)
        for i in 0..<frontEnd.frameSamples {
            let x = Double(samples[i + 1]) * 32768
            let e = x - Double(frontEnd.preemphasis) * Double(samples[i])
            s[i] = e * Double(window[i]) / 65536 / exp2(g)
        }
        // Each radix-4 level halves once more than its gain, the split once.
        let scale = exp2(-Double(frontEnd.radix4Levels) - 1)
        let circle = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
        let table = circle.map { (cos($0), sin($0)) }
        spectrum = (0...n / 2).map { k in
            var (re, im) = (0.0, 0.0)
            for i in 0..<n where s[i] != 0 {
                re += s[i] * table[k * i % n].0
                im -= s[i] * table[k * i % n].1
            }
            return (re * scale, im * scale)
        }
        bound = Self.bound(frontEnd, largest: s.map { abs($0) }.max() ?? 0)
    }

    /// Follows the largest error |e| of a complex number through the levels of SPEC.md 5.
    ///
    /// - Input: a sample is floored once, by less than 1, a pair by less than sqrt 2.
    /// - F_2 adds two, exactly.
    /// - A radix-4 level adds a quarter that is halved (its own floors: sqrt 2 / 2) and three that
    ///   are multiplied. A product floors four times: within 1 in the real part, where two floors
    ///   are subtracted, and 2 in the imaginary part: sqrt 5. A twiddle is off by half a step of
    ///   Q15 in one part and, next to 1, which saturates, by a whole one in the other: 1.12 / 2^15,
    ///   of half the value that it multiplies.
    /// - The split adds two halves (2 * sqrt 2 / 2), halves that (sqrt 2 / 2) and adds a product.
    static func bound(_ frontEnd: TestFrontEnd, largest: Double) -> Double {
        let twiddle = 1.12 / 32768
        var e = 2.0.squareRoot()
        var v = largest * 2.0.squareRoot()
        if frontEnd.points.trailingZeroBitCount % 2 == 1 { (e, v) = (2 * e, 2 * v) }
        for _ in 0..<frontEnd.radix4Levels {
            e = 2 * e + 0.71 + 3 * (5.0.squareRoot() + (v + e) * twiddle / 2)
            v *= 2
        }
        let q = e + 1.42
        return q + 0.71 + 5.0.squareRoot() + (v + q) * twiddle / 2
    }

    /// What the logarithm of a band may be, from the integer spectrum: the exact sum's upwards,
    /// that of the sum with everything floored downwards.
    ///
    /// A magnitude keeps 15 bits of both parts: less than sqrt 2 is cut off, then less than 1 by
    /// the root, of at least 2^14; a small one is floored to a whole number too. Magnitudes
    /// are cut to 16 bits, squares (from parts of 15 bits) to 16 bits, each product by 1.
    /// log2q10 adds -0.775 ... +0.517 (see LogarithmTests).
    static func logarithm(
        _ frontEnd: TestFrontEnd, band: Int, _ x: [(re: Double, im: Double)]
    ) -> ClosedRange<Double> {
        let (first, weights) = frontEnd.bands[band]
        let bins = x[first..<first + weights.count]
        var (low, high) = (0.0, 0.0)
        let unit: Double
        if frontEnd.isPower {
            let largest = bins.map { max(abs($0.re), abs($0.im)) }.max() ?? 0
            let s = exp2((largest + 1).logarithm2Up - 15)
            for (bin, w) in zip(bins, weights) {
                let parts = [abs(bin.re) / s, abs(bin.im) / s]
                func sum(_ parts: [Double]) -> Double {
                    parts.reduce(0) { $0 + $1 * $1 } / 32768
                }
                high += sum(parts) * Double(w) / 256
                low += max(0, (sum(parts.map { max(0, $0 - 1) }) - 1) * Double(w) / 256 - 1)
            }
            unit = s * s
        } else {
            let sizes = bins.map { ($0.re * $0.re + $0.im * $0.im).squareRoot() }
            let s = exp2(((sizes.max() ?? 0) + 1).logarithm2Up - 16)
            for (size, w) in zip(sizes, weights) {
                high += size / s * Double(w) / 256
                let kept = max(0, size * (1 - 2.42 / 16384) - 1) / s - 1
                low += max(0, kept * Double(w) / 256 - 1)
            }
            unit = s
        }
        func clamped(_ l: Double) -> Double {
            min(32767, max(Double(frontEnd.features == 103 ? -32768 : frontEnd.logFloor), l))
        }
        func l(_ sum: Double) -> Double {
            sum <= 0 ? -32768 : 1024 * log2(sum * unit) + Double(frontEnd.logOffset)
        }
        return clamped(low < 1 ? -32768 : l(low) - 0.775)...clamped(l(high) + 0.517)
    }
}

extension Double {
    /// The least whole power of two's exponent that is not below the number.
    fileprivate var logarithm2Up: Double { log2(self).rounded(.up) }
}
