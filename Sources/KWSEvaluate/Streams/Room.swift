// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import KWSNumerics

/// A box-shaped room with a speaker and a microphone in it, heard by the image method (Allen and Berkley
/// 1979): walls are mirrors, and each image of the speaker sends an echo. Echoes fall on whole samples, as
/// in the paper; its high-pass filter is left out, for front ends begin above it.
package struct Room: Hashable, Sendable {
    /// Metres.
    package var size: [Double]
    package var speaker: [Double]
    package var microphone: [Double]
    /// What all walls throw back of the pressure, 0 ..< 1.
    package var reflection: Double

    /// Metres a second.
    static let speedOfSound = 343.0

    package init(size: [Double], speaker: [Double], microphone: [Double], reflection: Double) {
        precondition(
            size.count == 3 && (0..<1).contains(reflection)
                && [speaker, microphone].allSatisfy { place in
                    place.count == 3 && zip(place, size).allSatisfy { $0 > 0 && $0 < $1 }
                }, "two places within a room of three extents, walls that swallow something")
        self.size = size
        self.speaker = speaker
        self.microphone = microphone
        self.reflection = reflection
    }

    /// A room of 3 to 8 by 3 to 6 by 2.4 to 3.5 metres, both places at least half a metre from the walls.
    ///
    /// - Parameter reverberation: seconds until the sound is 60 dB lower, by Sabine's formula: walls that
    ///   throw back `sqrt(1 - 0.161 V / (S t))`.
    package init(reverberation: Double, _ random: inout SplitMix64) {
        let size = [3.0...8, 3...6, 2.4...3.5].map { random.uniform($0) }
        func place() -> [Double] { size.map { random.uniform(0.5...$0 - 0.5) } }
        let (a, b, c) = (size[0], size[1], size[2])
        let absorbed = 0.161 * a * b * c / (2 * (a * b + b * c + a * c) * max(reverberation, 1e-3))
        let (speaker, microphone) = (place(), place())
        self.init(
            size: size, speaker: speaker, microphone: microphone,
            reflection: (1 - min(absorbed, 1)).squareRoot())
    }

    /// What the microphone hears of an impulse, from the direct sound on, which is 1.
    ///
    /// - Parameter samples: how many, at 16 kHz.
    package func response(samples: Int) -> [Float] {
        let perMetre = Double(AudioFile.sampleRate) / Self.speedOfSound
        let direct = zip(speaker, microphone)
            .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        let start = direct * perMetre
        let farthest = (start + Double(samples)) / perMetre
        // Along each axis: squared distance and reflections of every image.
        let axes = (0..<3).map { axis in
            let most = Int(farthest / (2 * size[axis])) + 1
            return (-most...most).flatMap { n in
                [0, 1].map { mirrored -> (squared: Double, bounces: Int) in
                    let image =
                        2 * Double(n) * size[axis]
                        + (mirrored == 1 ? -speaker[axis] : speaker[axis])
                    let distance = image - microphone[axis]
                    return (distance * distance, abs(n - mirrored) + abs(n))
                }
            }
        }
        var response = Array(repeating: 0.0, count: samples)
        for x in axes[0] {
            for y in axes[1] where x.squared + y.squared < farthest * farthest {
                for z in axes[2] {
                    let distance = (x.squared + y.squared + z.squared).squareRoot()
                    let sample = Int((distance * perMetre - start).rounded())
                    guard response.indices.contains(sample) else { continue }
                    response[sample] +=
                        direct / distance
                        * pow(reflection, Double(x.bounces + y.bounces + z.bounces))
                }
            }
        }
        return response.map { Float($0) }
    }
}

/// Rooms to choose from, with their responses.
package struct Rooms: Hashable, Sendable {
    /// Enough for no two streams to sound alike.
    private static let count = 64

    /// The chance that a word is spoken in one.
    package let share: Double
    package let reverberation: ClosedRange<Double>
    private let responses: [[Float]]

    /// - Parameter reverberation: seconds, drawn uniformly for each room.
    package init(share: Double, reverberation: ClosedRange<Double>, seed: UInt64) {
        self.share = share
        self.reverberation = reverberation
        responses = (0..<Self.count).map { index in
            var random = SplitMix64(seed: seed, index: index)
            let seconds = random.uniform(reverberation)
            return Room(reverberation: seconds, &random)
                .response(samples: Int(seconds * Double(AudioFile.sampleRate)))
        }
    }

    /// A recording as it sounds in a room, or as it is; its direct sound stays where it was.
    package func place(_ samples: [Float], _ random: inout SplitMix64) -> [Float] {
        guard random.unit() < share else { return samples }
        let response = responses[random.below(responses.count)]
        var heard = Array(repeating: Float(0), count: samples.count)
        samples.withUnsafeBufferPointer { samples in
            heard.withUnsafeMutableBufferPointer { heard in
                for (delay, echo) in response.enumerated() where echo != 0 && delay < heard.count {
                    for i in delay..<heard.count { heard[i] += echo * samples[i - delay] }
                }
            }
        }
        return heard
    }
}
