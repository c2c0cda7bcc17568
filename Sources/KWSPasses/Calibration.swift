// SPDX-License-Identifier: Apache-2.0

/// The range of every value of a float graph, seen on representative inputs.
package struct Calibration: Sendable {
    /// By value index; a value that was never computed has an empty range (0, 0).
    package var ranges: [(lower: Float, upper: Float)]

    /// Chooses, for every value, the range whose 8-bit quantisation loses the least.
    ///
    /// `samples[v]` are numbers that value `v` took. The range shrinks from the extremes in steps of
    /// 1/32, each limit on its own, as long as the mean squared error (clipping plus rounding to one
    /// of 255 steps) falls.
    package init(samples: [[Float]]) {
        ranges = samples.map { Calibration.bestRange($0) }
    }

    static func bestRange(_ numbers: [Float]) -> (lower: Float, upper: Float) {
        guard let low = numbers.min(), let high = numbers.max(), low < high else {
            return (numbers.min() ?? 0, numbers.max() ?? 0)
        }
        var best = (lower: min(low, 0), upper: max(high, 0))
        var loss = meanSquaredError(numbers, best)
        for limit in [\(lower: Float, upper: Float).upper, \.lower] {
            let extreme = best[keyPath: limit]
            for step in 1...24 {
                var candidate = best
                candidate[keyPath: limit] = extreme * Float(32 - step) / 32
                let candidateLoss = meanSquaredError(numbers, candidate)
                if candidateLoss < loss {
                    (best, loss) = (candidate, candidateLoss)
                }
            }
        }
        return best
    }

    static func meanSquaredError(
        _ numbers: [Float], _ range: (lower: Float, upper: Float)
    ) -> Double {
        let scale = (range.upper - range.lower) / 255
        guard scale > 0 else { return .infinity }
        let inverse = 1 / scale
        var sum = 0.0
        for x in numbers {
            let clipped = min(max(x, range.lower), range.upper)
            let q = (clipped * inverse).rounded() * scale
            sum += Double((x - q) * (x - q))
        }
        return sum
    }
}
