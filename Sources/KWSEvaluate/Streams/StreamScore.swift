// SPDX-License-Identifier: Apache-2.0

/// Words detected and false detections in streams.
package struct StreamScore: Hashable, Sendable {
    package var words = 0
    package var detected = 0
    package var falseDetections = 0
    /// Samples of all streams together.
    package var samples = 0

    package init() {}

    /// Counts one stream: the first detection of the keyword between a word's first sample and
    /// `tolerance` samples after its last one detects it; every other detection is false.
    package mutating func add(
        _ stream: SimulatedStream, heard: [HeardKeyword], keyword: String, tolerance: Int
    ) {
        var open = stream.words.map(\.spoken)
        words += open.count
        samples += stream.samples.count
        for detection in heard {
            let hit = open.firstIndex {
                detection.keyword == keyword && detection.endSample >= $0.lowerBound
                    && detection.endSample <= $0.upperBound + tolerance
            }
            if let hit {
                open.remove(at: hit)
                detected += 1
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

    package var falseAlarmsPerHour: Double {
        samples == 0
            ? 0 : Double(falseDetections) * 3600 * Double(AudioFile.sampleRate) / Double(samples)
    }
}
