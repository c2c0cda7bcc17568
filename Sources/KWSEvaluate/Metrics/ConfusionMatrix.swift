// SPDX-License-Identifier: Apache-2.0

/// Counts of clips by true and chosen class.
package struct ConfusionMatrix: Hashable, Sendable {
    package let classes: [String]
    /// `[truth][chosen]`.
    package private(set) var counts: [[Int]]

    package init(classes: [String]) {
        self.classes = classes
        counts = Array(
            repeating: Array(repeating: 0, count: classes.count), count: classes.count)
    }

    package mutating func add(truth: Int, chosen: Int) {
        counts[truth][chosen] += 1
    }

    /// Right ones out of all, without those whose true class is `left`.
    package func accuracy(leaving left: Int? = nil) -> Proportion {
        var right = 0
        var all = 0
        for truth in classes.indices where truth != left {
            right += counts[truth][truth]
            all += counts[truth].reduce(0, +)
        }
        return Proportion(successes: right, trials: all)
    }
}
