// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A stream of utterances over noise, each at a level of its own.
struct Stream {
    static let sampleRate = 16000

    private(set) var samples: [Double]
    /// Start and end in seconds.
    private(set) var places: [(name: String, start: Double, end: Double)] = []

    /// - Parameters:
    ///   - spacing: seconds from one start to the next; a longer utterance gets 0.25 s behind it.
    ///   - margin: seconds before the first and after the last utterance.
    ///   - floor: the noise's level in dBFS.
    init(
        _ utterances: [Utterance], spacing: Double, margin: Double, floor: Double, seed: UInt64
    ) {
        let rate = Double(Stream.sampleRate)
        var generator = Generator(seed: seed)
        var parts: [(start: Int, gain: Double, Utterance)] = []
        var position = margin
        for utterance in utterances {
            let seconds = Double(utterance.active.count) / rate
            let gain = pow(10, generator.uniform(-25 ... -10) / 20)
            parts.append((Int(position * rate) - utterance.active.lowerBound, gain, utterance))
            places.append((utterance.name, position, position + seconds))
            position += max(spacing + generator.uniform(-0.1...0.1), seconds + 0.25)
        }
        let amplitude = pow(10, floor / 20)
        samples = (0..<Int((position + margin) * rate)).map { _ in
            generator.normal() * amplitude
        }
        for (start, gain, utterance) in parts {
            for (index, value) in utterance.samples.enumerated()
            where samples.indices.contains(start + index) {
                samples[start + index] += gain * value
            }
        }
    }
}
