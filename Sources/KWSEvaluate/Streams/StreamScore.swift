// SPDX-License-Identifier: Apache-2.0

/// Words detected and false detections in streams.
package struct StreamScore: Hashable, Sendable, Codable {
    package var words = 0
    package var detected = 0
    package var falseDetections = 0
    /// Samples of all streams together.
    package var samples = 0

    package init() {}

    /// Counts one piece: the first detection of a keyword between a word's first sample and
    /// `tolerance` samples after its last one detects it; every other detection is false. Words that
    /// are none of `keywords` are no misses, and it is no error to hear them.
    package mutating func add(
        _ audio: LabelledAudio, heard: [HeardKeyword], keywords: [String], tolerance: Int
    ) {
        var open = audio.words
        words += open.count { keywords.contains($0.label) }
        samples += audio.samples.count
        for detection in heard {
            let hit = open.firstIndex {
                detection.keyword == $0.label && detection.endSample >= $0.spoken.lowerBound
                    && detection.endSample <= $0.spoken.upperBound + tolerance
            }
            if let hit {
                if keywords.contains(open.remove(at: hit).label) { detected += 1 }
            } else {
                falseDetections += 1
            }
        }
    }

    package static func + (a: StreamScore, b: StreamScore) -> StreamScore {
        var sum = a
        sum.words += b.words
        sum.detected += b.detected
        sum.falseDetections += b.falseDetections
        sum.samples += b.samples
        return sum
    }

    /// Words missed by all words.
    package var falseRejectRate: Double {
        words == 0 ? 0 : Double(words - detected) / Double(words)
    }

    package var hours: Double { Double(samples) / (3600 * Double(AudioFile.sampleRate)) }

    package var falseAlarmsPerHour: Double {
        samples == 0 ? 0 : Double(falseDetections) / hours
    }
}
