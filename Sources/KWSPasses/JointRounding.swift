// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Rounds the weights of a sum `w x + v h` whose parts have a scale each, as those of a gate over
/// input and state, so that the sum changes least: the state knows much of the next input, so its
/// many weights make up for what rounding the input's few does.
///
/// Let `d` and `e` be what rounding takes from `w` and `v`, `X` and `H` the covariances of `x` and `h`,
/// `B` that of `h` with `x`, and `K = H^-1 B`. The variance of the sum's error then is
///
///     d^T (X - B^T K) d + (e + K d)^T H (e + K d)
///
/// First `w` is rounded by the part of `x` that `h` does not explain, then `v + K d` instead of `v`.
/// That is `WeightRounding` of all weights in one pass, with a scale chosen for each part.
package struct JointRounding {
    private let first: WeightRounding
    private let second: WeightRounding
    /// `K`, `[second][first]`.
    private let makeUp: [Double]

    /// For scales of the first part: it may be short, and a short row can make up for little, so its
    /// scale counts more.
    private static let factors = (-3...3).map { exp2(Double($0) / 4) }

    /// - Parameters:
    ///   - covariance: `[taps][taps]` of the numbers summed over.
    ///   - count: taps of the first part; more than 0 and fewer than all.
    ///   - areApart: whether something stands between the two parts, such as a gate that multiplies
    ///     one of them; each is then rounded by itself.
    package init(covariance: [Double], taps: Int, first count: Int, areApart: Bool = false) {
        let rest = taps - count
        func block(_ rows: Range<Int>, _ columns: Range<Int>) -> [Double] {
            rows.flatMap { row in columns.map { covariance[row * taps + $0] } }
        }
        // Each by its own variance: the parts have different units.
        var x = WeightRounding.damped(block(0..<count, 0..<count), taps: count)
        let h = WeightRounding.damped(block(count..<taps, count..<taps), taps: rest)
        second = WeightRounding(damped: h, taps: rest)
        var makeUp = Array(repeating: 0.0, count: rest * count)
        if !areApart {
            let cross = block(count..<taps, 0..<count)
            makeUp = second.solution(cross, columns: count)
            for k in 0..<rest {
                for i in 0..<count {
                    for j in 0..<count {
                        x[i * count + j] -= cross[k * count + i] * makeUp[k * count + j]
                    }
                }
            }
        }
        first = WeightRounding(damped: x, taps: count)
        self.makeUp = makeUp
    }

    /// Levels and scale of each part of a row.
    package func callAsFunction(
        first w: [Double], second v: [Double], bits: Int
    ) -> (first: (levels: [Double], scale: Double), second: (levels: [Double], scale: Double)) {
        let one = first(w, bits: bits, factors: JointRounding.factors)
        let rest = w.indices.map { w[$0] - one.scale * one.levels[$0] }
        // What was pruned stays zero.
        let wanted = v.indices.map { k in
            v[k] == 0
                ? 0 : w.indices.reduce(v[k]) { $0 + makeUp[k * w.count + $1] * rest[$1] }
        }
        return (one, second(wanted, bits: bits))
    }
}
