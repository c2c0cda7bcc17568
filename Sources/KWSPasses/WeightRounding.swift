// SPDX-License-Identifier: Apache-2.0

/// Rounds the weights of one output so that its *sum* changes least, not each weight: what rounding
/// one weight does is made up for by those after it (Frantar et al. 2022, GPTQ, after Hassibi and
/// Stork's optimal brain surgeon), then single weights move by a level while that helps. The mean of
/// what is left goes into the bias, so the covariance of the inputs is what counts.
struct WeightRounding {
    private let taps: Int
    /// Covariance of the inputs, damped, and `U` of its inverse `U^T U`.
    private let covariance: [Double]
    private let upper: [Double]

    /// - Parameter covariance: `[taps][taps]` of the inputs.
    init(covariance: [Double], taps: Int) {
        self.init(damped: WeightRounding.damped(covariance, taps: taps), taps: taps)
    }

    /// - Parameter covariance: `[taps][taps]`, damped.
    init(damped covariance: [Double], taps: Int) {
        self.taps = taps
        self.covariance = covariance
        upper = WeightRounding.upperFactorOfInverse(self.covariance, taps)
    }

    /// - Parameter factors: times the best scale of the weights by themselves, candidates; the one
    ///   whose result is best wins.
    func callAsFunction(
        _ weights: [Double], bits: Int, factors: [Double] = [1.25, 1, 0.8]
    ) -> (levels: [Double], scale: Double) {
        let levels = Lowering.levelRange(bits: bits)
        let scale = Lowering.clippedScale(weights, bits: bits)
        var best = (levels: weights.map { _ in 0.0 }, scale: 0.0, error: Double.infinity)
        for factor in factors where scale > 0 {
            let start = factor * scale
            var q = spread(weights, start, levels)
            var scale = start
            for _ in 0..<3 {
                scale = fitted(q, to: weights) ?? scale
                if !polish(&q, weights, scale, levels) { break }
            }
            let error = error(weights, q, scale)
            if error < best.error { best = (q, scale, error) }
        }
        return (best.levels, best.scale)
    }

    /// GPTQ: each weight in turn, its error spread over those that follow.
    private func spread(
        _ weights: [Double], _ scale: Double, _ levels: ClosedRange<Double>
    ) -> [Double] {
        var w = weights
        var q = w
        for i in 0..<taps {
            // What was pruned stays zero.
            q[i] =
                weights[i] == 0
                ? 0 : min(levels.upperBound, max(levels.lowerBound, (w[i] / scale).rounded()))
            let error = (w[i] - scale * q[i]) / upper[i * taps + i]
            for j in i + 1..<max(i + 1, taps) { w[j] -= error * upper[i * taps + j] }
        }
        return q
    }

    /// Moves single weights by one level as long as the error falls, two rounds at most; false if
    /// none moved.
    private func polish(
        _ q: inout [Double], _ weights: [Double], _ scale: Double, _ levels: ClosedRange<Double>
    ) -> Bool {
        // g = H (w - s q)
        var g = Array(repeating: 0.0, count: taps)
        for i in 0..<taps {
            let rest = weights[i] - scale * q[i]
            for j in 0..<taps { g[j] += covariance[i * taps + j] * rest }
        }
        var moved = false
        for _ in 0..<2 {
            var movedNow = false
            for i in 0..<taps where weights[i] != 0 {
                let direction = g[i] > 0 ? 1.0 : -1.0
                let step = scale * direction
                // (e - step)^T H (e - step) - e^T H e
                let gain = step * (step * covariance[i * taps + i] - 2 * g[i])
                guard gain < -1e-12, levels.contains(q[i] + direction) else { continue }
                q[i] += direction
                for j in 0..<taps { g[j] -= step * covariance[i * taps + j] }
                movedNow = true
            }
            guard movedNow else { break }
            moved = true
        }
        return moved
    }

    /// The scale of least error for given levels.
    private func fitted(_ q: [Double], to weights: [Double]) -> Double? {
        var (over, under) = (0.0, 0.0)
        for i in 0..<taps where q[i] != 0 {
            for j in 0..<taps {
                let h = q[i] * covariance[i * taps + j]
                over += h * weights[j]
                under += h * q[j]
            }
        }
        return under > 0 && over > 0 ? over / under : nil
    }

    /// `(w - s q)^T H (w - s q)`
    private func error(_ weights: [Double], _ q: [Double], _ scale: Double) -> Double {
        var sum = 0.0
        for i in 0..<taps {
            let rest = weights[i] - scale * q[i]
            for j in 0..<taps {
                sum += rest * covariance[i * taps + j] * (weights[j] - scale * q[j])
            }
        }
        return sum
    }

    /// `H^-1 B`, `[taps][columns]`.
    func solution(_ b: [Double], columns: Int) -> [Double] {
        var half = Array(repeating: 0.0, count: taps * columns)
        var result = half
        for i in 0..<taps {
            for k in i..<taps {
                for j in 0..<columns {
                    half[i * columns + j] += upper[i * taps + k] * b[k * columns + j]
                }
            }
        }
        for i in 0..<taps {
            for k in 0...i {
                for j in 0..<columns {
                    result[i * columns + j] += upper[k * taps + i] * half[k * columns + j]
                }
            }
        }
        return result
    }

    /// With 1 % of the mean variance added to each: an input that never varied must not make the matrix
    /// singular, nor be free of charge.
    static func damped(_ covariance: [Double], taps: Int) -> [Double] {
        var damped = covariance
        let mean = (0..<taps).reduce(0) { $0 + covariance[$1 * taps + $1] } / Double(taps)
        for i in 0..<taps { damped[i * taps + i] += 0.01 * mean + 1e-12 }
        return damped
    }

    /// `U`, upper triangular, with `A^-1 = U^T U`: the inverse of the upper `M` with `A = M M^T`.
    static func upperFactorOfInverse(_ a: [Double], _ n: Int) -> [Double] {
        // M, from the last column on.
        var m = Array(repeating: 0.0, count: n * n)
        for j in (0..<n).reversed() {
            for i in (0...j).reversed() {
                var sum = a[i * n + j]
                for k in j + 1..<max(j + 1, n) { sum -= m[i * n + k] * m[j * n + k] }
                m[i * n + j] =
                    i == j ? max(sum, 1e-18).squareRoot() : sum / m[j * n + j]
            }
        }
        // Its inverse.
        var u = Array(repeating: 0.0, count: n * n)
        for j in 0..<n {
            u[j * n + j] = 1 / m[j * n + j]
            for i in (0..<j).reversed() {
                var sum = 0.0
                for k in i + 1...j { sum -= m[i * n + k] * u[k * n + j] }
                u[i * n + j] = sum / m[i * n + i]
            }
        }
        return u
    }
}
