// SPDX-License-Identifier: Apache-2.0

/// A radix-2 FFT of real `Double`s: `N / 2` complex points, then one step that separates them.
struct RealFFT: Sendable {
    let points: Int
    /// (cos, -sin) of 2 pi k / N, `k = 0 ..< N / 2`.
    private let cosines: [Double]
    private let sines: [Double]
    private let reversed: [Int]

    /// - Requires: `points` is a power of two, 4 at least.
    init(points: Int) {
        precondition(points >= 4 && points & (points - 1) == 0)
        self.points = points
        let half = points / 2
        let step = 2 * Double.pi / Double(points)
        cosines = (0..<half).map { Mathematics.cosine(step * Double($0)) }
        sines = (0..<half).map { -Mathematics.sine(step * Double($0)) }
        let bits = half.trailingZeroBitCount
        reversed = (0..<half).map { index in
            (0..<bits).reduce(0) { $0 << 1 | (index >> $1) & 1 }
        }
    }

    /// |X_k|^2 for `k = 0 ... N / 2` of the `N` values of `x`.
    func powers(of x: [Double]) -> [Double] {
        precondition(x.count == points)
        let half = points / 2
        var re = reversed.map { x[2 * $0] }
        var im = reversed.map { x[2 * $0 + 1] }
        var size = 1
        while size < half {
            let stride = half / size  // of the twiddles of 2 * size points in the table
            for start in Swift.stride(from: 0, to: half, by: 2 * size) {
                for k in 0..<size {
                    let (u, v) = (cosines[k * stride], sines[k * stride])
                    let (low, high) = (start + k, start + k + size)
                    let r = re[high] * u - im[high] * v
                    let i = re[high] * v + im[high] * u
                    (re[high], im[high]) = (re[low] - r, im[low] - i)
                    (re[low], im[low]) = (re[low] + r, im[low] + i)
                }
            }
            size *= 2
        }
        var out = [Double](repeating: 0, count: half + 1)
        out[0] = (re[0] + im[0]) * (re[0] + im[0])
        out[half] = (re[0] - im[0]) * (re[0] - im[0])
        for k in 1..<half {
            // Even samples' spectrum (Z_k + conj Z_{M-k}) / 2, odd ones' (Z_k - conj Z_{M-k}) / 2i.
            let m = half - k
            let (er, ei) = ((re[k] + re[m]) / 2, (im[k] - im[m]) / 2)
            let (or, oi) = ((im[k] + im[m]) / 2, (re[m] - re[k]) / 2)
            let r = er + or * cosines[k] - oi * sines[k]
            let i = ei + or * sines[k] + oi * cosines[k]
            out[k] = r * r + i * i
        }
        return out
    }
}
