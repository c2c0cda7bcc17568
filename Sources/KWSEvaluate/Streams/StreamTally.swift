// SPDX-License-Identifier: Apache-2.0

/// What audio came to: at the model's thresholds, and of each keyword over all thresholds. Parts add up
/// exactly.
package struct StreamTally: Hashable, Sendable, Codable {
    package let keywords: [String]
    package var score = StreamScore()
    /// One a keyword.
    package var curves: [DetectionCurve]

    package init(keywords: [String]) {
        self.keywords = keywords
        curves = keywords.map { _ in DetectionCurve() }
    }

    /// Whether all parts are as large as they must be.
    var isWhole: Bool { curves.count == keywords.count && curves.allSatisfy(\.isWhole) }

    /// - Requires: the same keywords.
    package static func + (a: StreamTally, b: StreamTally) -> StreamTally {
        precondition(a.keywords == b.keywords, "tallies of different keywords")
        var sum = a
        sum.score = a.score + b.score
        for index in sum.curves.indices { sum.curves[index] = a.curves[index] + b.curves[index] }
        return sum
    }
}
