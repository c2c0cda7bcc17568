// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Counts of rare events.
package enum Poisson {
    /// The exact interval of 95 % (Garwood 1936) of the mean of a Poisson distribution that gave `count`
    /// events: at its ends so many events or fewer, or so many or more, have a probability of 2.5 %.
    package static func interval(_ count: Int) -> ClosedRange<Double> {
        let upper = root { atMost(count, mean: $0) - 0.025 }
        let lower = count == 0 ? 0 : root { atMost(count - 1, mean: $0) - 0.975 }
        return lower...upper
    }

    /// The probability of at most `count` events.
    static func atMost(_ count: Int, mean: Double) -> Double {
        guard mean > 0 else { return 1 }
        // Terms by their logarithms: means may be large.
        return (0...count).reduce(0) { sum, k in
            sum + exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
        }
    }

    /// Where a falling function is zero, by halving.
    private static func root(_ f: (Double) -> Double) -> Double {
        var (low, high) = (0.0, 8.0)
        while f(high) > 0 { high *= 2 }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if f(middle) > 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
