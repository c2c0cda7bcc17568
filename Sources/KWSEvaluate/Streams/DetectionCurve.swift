// SPDX-License-Identifier: Apache-2.0

/// Words missed and false alarms of one keyword over all thresholds, counted over recordings. Parts
/// that were counted apart add up exactly.
package struct DetectionCurve: Hashable, Sendable, Codable {
    /// In units of 1/65536: up to a half in steps of 64, from there on 64 in each halving of what is
    /// left to one, where sure networks work.
    package static let thresholds: [UInt16] =
        stride(from: 64, through: 32_768, by: 64).map { UInt16($0) }
        + (0..<9).reversed().flatMap { halving in
            (64..<128).reversed().map { UInt16(65_535 - $0 << halving) }
        }
        + (1..<64).reversed().map { UInt16(65_535 - $0) }

    /// Words heard and detections of nothing, one of each a threshold.
    package private(set) var detected: [Int]
    package private(set) var falseAlarms: [Int]
    package private(set) var words = 0
    /// Samples in which a detection is a false alarm.
    package private(set) var negativeSamples = 0

    package init() {
        detected = Array(repeating: 0, count: Self.thresholds.count)
        falseAlarms = detected
    }

    /// Whether there is a count for each threshold.
    var isWhole: Bool {
        detected.count == Self.thresholds.count && falseAlarms.count == Self.thresholds.count
    }

    /// Counts a recording.
    ///
    /// - Parameters:
    ///   - tolerance: samples behind a word in which it still counts as heard.
    ///   - lockout: samples after a detection without another.
    package mutating func add(_ trace: ScoreTrace, tolerance: Int, lockout: Int) {
        words += trace.words.count
        var end = 0
        var positive = 0
        for word in trace.words {
            let last = min(trace.samples, word.upperBound + tolerance)
            positive += max(0, last - max(end, word.lowerBound))
            end = max(end, last)
        }
        negativeSamples += trace.samples - positive
        for (index, threshold) in Self.thresholds.enumerated() {
            let count = trace.count(threshold: threshold, tolerance: tolerance, lockout: lockout)
            detected[index] += count.detected
            falseAlarms[index] += count.falseAlarms
        }
    }

    package static func + (a: DetectionCurve, b: DetectionCurve) -> DetectionCurve {
        var sum = a
        for index in thresholds.indices {
            sum.detected[index] += b.detected[index]
            sum.falseAlarms[index] += b.falseAlarms[index]
        }
        sum.words += b.words
        sum.negativeSamples += b.negativeSamples
        return sum
    }
}
