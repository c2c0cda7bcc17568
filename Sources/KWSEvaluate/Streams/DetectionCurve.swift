// SPDX-License-Identifier: Apache-2.0

/// Words missed and false alarms of one keyword over all thresholds, counted over recordings. Parts
/// that were counted apart add up exactly.
package struct DetectionCurve: Hashable, Sendable, Codable {
    /// In units of 1/65536: a thousand steps, denser above 0.8, where detectors work.
    package static let thresholds: [UInt16] =
        stride(from: 64, to: 52_416, by: 64).map { UInt16($0) }
        + stride(from: 52_416, to: 65_535, by: 16).map { UInt16($0) }

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
