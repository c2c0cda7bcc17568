// SPDX-License-Identifier: Apache-2.0

/// How two classifiers do on the same clips.
package struct PairedComparison: Hashable, Sendable {
    /// Right by both, by the first only, by the second only, by neither.
    package var both = 0
    package var firstOnly = 0
    package var secondOnly = 0
    package var neither = 0
    /// Clips that both put into the same class, right or wrong.
    package var agreeing = 0

    package init() {}

    /// Counts one clip.
    package mutating func add(truth: Int, first: Int, second: Int) {
        agreeing += first == second ? 1 : 0
        switch (first == truth, second == truth) {
        case (true, true): both += 1
        case (true, false): firstOnly += 1
        case (false, true): secondOnly += 1
        case (false, false): neither += 1
        }
    }

    package var trials: Int { both + firstOnly + secondOnly + neither }

    /// The share of clips that both put into the same class.
    package var agreement: Double {
        trials == 0 ? 0 : Double(agreeing) / Double(trials)
    }

    /// Accuracy of the first less accuracy of the second, a fraction of 1.
    package var loss: Double {
        trials == 0 ? 0 : Double(firstOnly - secondOnly) / Double(trials)
    }

    /// The interval of 95 % of `loss`: Newcombe's (1998) method 10, which adds the squares of the
    /// Wilson limits' distances and takes the correlation of the pairs into account.
    package var lossInterval: ClosedRange<Double> {
        let n = trials
        guard n > 0 else { return -1...1 }
        let first = Proportion(successes: both + firstOnly, trials: n)
        let second = Proportion(successes: both + secondOnly, trials: n)
        let (l1, u1) = (
            first.value - first.interval.lowerBound, first.interval.upperBound - first.value
        )
        let (l2, u2) = (
            second.value - second.interval.lowerBound, second.interval.upperBound - second.value
        )
        let phi = correlation
        let below = max(0, l1 * l1 - 2 * phi * l1 * u2 + u2 * u2).squareRoot()
        let above = max(0, u1 * u1 - 2 * phi * u1 * l2 + l2 * l2).squareRoot()
        return (loss - below)...(loss + above)
    }

    /// The phi coefficient with Newcombe's continuity correction; 0 if a margin is empty.
    private var correlation: Double {
        let margins =
            Double(both + firstOnly) * Double(secondOnly + neither)
            * Double(both + secondOnly) * Double(firstOnly + neither)
        guard margins > 0 else { return 0 }
        var product = Double(both) * Double(neither) - Double(firstOnly) * Double(secondOnly)
        if product > 0 { product = max(0, product - Double(trials) / 2) }
        return product / margins.squareRoot()
    }
}
