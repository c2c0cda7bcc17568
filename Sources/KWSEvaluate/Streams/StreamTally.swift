// SPDX-License-Identifier: Apache-2.0

/// What audio came to: at the model's thresholds, and of each keyword over all thresholds. Parts add up
/// exactly.
package struct StreamTally: Hashable, Sendable, Codable {
    package let keywords: [String]
    package var score = StreamScore()
    /// One a keyword.
    package var curves: [DetectionCurve]
    /// The float network's, one a keyword, or none.
    package var floatCurves: [DetectionCurve]

    package init(keywords: [String], hasFloat: Bool = false) {
        self.keywords = keywords
        floatCurves = hasFloat ? keywords.map { _ in DetectionCurve() } : []
        curves = keywords.map { _ in DetectionCurve() }
    }

    /// Whether all parts are as large as they must be.
    var isWhole: Bool {
        curves.count == keywords.count && (curves + floatCurves).allSatisfy(\.isWhole)
            && (floatCurves.isEmpty || floatCurves.count == keywords.count)
    }

    /// - Requires: the same keywords, and both with curves of the float network or none.
    package static func + (a: StreamTally, b: StreamTally) -> StreamTally {
        precondition(
            a.keywords == b.keywords && a.floatCurves.count == b.floatCurves.count,
            "tallies of different keywords")
        var sum = a
        sum.score = a.score + b.score
        for index in sum.curves.indices { sum.curves[index] = a.curves[index] + b.curves[index] }
        for index in sum.floatCurves.indices {
            sum.floatCurves[index] = a.floatCurves[index] + b.floatCurves[index]
        }
        return sum
    }
}
