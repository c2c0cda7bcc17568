// SPDX-License-Identifier: Apache-2.0

/// So many successes out of so many trials, with the Wilson score interval.
package struct Proportion: Hashable, Sendable {
    /// The 97.5 % quantile of the normal distribution: intervals are of 95 %.
    package static let z = 1.959_963_984_540_054

    package var successes: Int
    package var trials: Int

    package init(successes: Int, trials: Int) {
        precondition(successes >= 0 && successes <= trials, "more successes than trials")
        self.successes = successes
        self.trials = trials
    }

    /// Successes by trials; 0 without trials.
    package var value: Double {
        trials == 0 ? 0 : Double(successes) / Double(trials)
    }

    /// The Wilson (1927) score interval of 95 %; all of [0, 1] without trials.
    package var interval: ClosedRange<Double> {
        guard trials > 0 else { return 0...1 }
        let n = Double(trials)
        let z2 = Self.z * Self.z
        let centre = (value + z2 / (2 * n)) / (1 + z2 / n)
        let half =
            Self.z * (value * (1 - value) / n + z2 / (4 * n * n)).squareRoot() / (1 + z2 / n)
        return max(0, centre - half)...min(1, centre + half)
    }
}
