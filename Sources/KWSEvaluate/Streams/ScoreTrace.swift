// SPDX-License-Identifier: Apache-2.0

/// The detector's smoothed score of one keyword at each decision in a recording, and where the
/// keyword is spoken: enough to tell, for every threshold, what the library would hear.
package struct ScoreTrace: Hashable, Sendable {
    /// One past the last sample of each decision's window, in order.
    package var ends: [Int]
    /// In units of 1/65536, one a decision.
    package var scores: [UInt16]
    /// The samples in which the keyword is spoken, in order.
    package var words: [Range<Int>]
    /// Samples of the recording.
    package var samples: Int

    package init(ends: [Int], scores: [UInt16], words: [Range<Int>], samples: Int) {
        self.ends = ends
        self.scores = scores
        self.words = words
        self.samples = samples
    }

    /// What a threshold hears.
    ///
    /// - Parameters:
    ///   - tolerance: samples behind a word in which it still counts as heard.
    ///   - lockout: samples after a detection without another.
    /// - Returns: words heard, and detections that belong to none.
    package func count(
        threshold: UInt16, tolerance: Int, lockout: Int
    ) -> (detected: Int, falseAlarms: Int) {
        var result = (detected: 0, falseAlarms: 0)
        // Words are in order and so are decisions, but a word may be heard while the one before is
        // still open: those that were heard are marked.
        var heard = Array(repeating: false, count: words.count)
        for (end, _) in fired(threshold: threshold, lockout: lockout) {
            let hit = words.indices.first {
                !heard[$0] && end >= words[$0].lowerBound
                    && end <= words[$0].upperBound + tolerance
            }
            if let hit {
                heard[hit] = true
                result.detected += 1
            } else {
                result.falseAlarms += 1
            }
        }
        return result
    }

    /// The decisions that a threshold fires at.
    ///
    /// - Parameter lockout: samples after a detection without another.
    package func fired(threshold: UInt16, lockout: Int) -> [(end: Int, score: UInt16)] {
        var result: [(end: Int, score: UInt16)] = []
        for (end, score) in zip(ends, scores) where score >= threshold {
            if let last = result.last?.end, end - last <= lockout { continue }
            result.append((end, score))
        }
        return result
    }
}
