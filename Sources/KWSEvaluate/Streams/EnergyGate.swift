// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Finds the spoken part of a clip by the energy of 20 ms frames, 10 ms apart.
package enum EnergyGate {
    static let frameSamples = 320
    static let hopSamples = 160
    /// Frames of silence inside a word that are bridged: 150 ms.
    static let gapFrames = 15

    /// The samples of the word: from the loudest frame outwards, as far as frames are loud enough.
    ///
    /// Loud enough is within 25 dB of the loudest frame and 8 dB above the quietest tenth; in a
    /// clip of less than 14 dB range, within 10 dB of the loudest frame.
    ///
    /// - Returns: a range within the clip, never empty unless the clip is.
    package static func word(in samples: [Int16]) -> Range<Int> {
        guard samples.count > frameSamples else { return samples.indices }
        let levels = frameLevels(samples)
        guard let peak = levels.indices.max(by: { levels[$0] < levels[$1] }) else {
            return samples.indices
        }
        let floor = levels.sorted()[levels.count / 10]
        let threshold =
            levels[peak] - floor > 14
            ? max(levels[peak] - 25, floor + 8) : levels[peak] - 10
        func grow(_ step: Int) -> Int {
            var edge = peak
            var gap = 0
            var at = peak + step
            while levels.indices.contains(at), gap <= gapFrames {
                if levels[at] >= threshold {
                    edge = at
                    gap = 0
                } else {
                    gap += 1
                }
                at += step
            }
            return edge
        }
        return grow(-1) * hopSamples..<min(samples.count, grow(1) * hopSamples + frameSamples)
    }

    /// The power of every frame in dB of one squared step, mean removed.
    private static func frameLevels(_ samples: [Int16]) -> [Double] {
        let mean = samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count)
        return stride(from: 0, through: samples.count - frameSamples, by: hopSamples).map { start in
            let power =
                samples[start..<start + frameSamples].reduce(0.0) {
                    $0 + (Double($1) - mean) * (Double($1) - mean)
                } / Double(frameSamples)
            return 10 * log10(power + 1e-3)
        }
    }
}
