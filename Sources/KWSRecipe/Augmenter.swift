// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
package import KWSModelFile
package import KWSNumerics

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Changes clips and features at random, as a recipe asks.
package struct Augmenter: Sendable {
    private let augmentation: Recipe.Augmentation
    /// Recordings of background noise that are not silent.
    private let noises: [[Int16]]
    private let rooms: Rooms?

    /// - Parameters:
    ///   - folder: what the noise's path is relative to.
    ///   - seed: draws rooms.
    /// - Throws: `EvaluationError` if noise is asked for and there is none, or it cannot be read.
    package init(
        _ augmentation: Recipe.Augmentation, in folder: String, seed: UInt64
    ) throws(EvaluationError) {
        self.augmentation = augmentation
        rooms = augmentation.rooms.map { Rooms($0, seed: seed) }
        guard let noise = augmentation.noise else {
            noises = []
            return
        }
        let clips = try noise.source.dataSet(in: folder).clips
        let recordings = try Parallel.map(clips.count) { index throws(EvaluationError) in
            try clips[index].read()
        }
        noises = recordings.filter { Augmenter.power($0.map { Float($0) }) >= 1 }
        guard !noises.isEmpty else {
            throw EvaluationError(
                .badData, noise.source.path, "no noise louder than one step of 16 bits")
        }
    }

    /// Whether clips come again as they were in an earlier epoch.
    var repeats: Bool { isIdle || augmentation.variants != nil }

    /// Which of a clip's variants an epoch takes.
    func turn(of epoch: Int) -> Int {
        isIdle ? 0 : augmentation.variants.map { epoch % $0 } ?? epoch
    }

    private var isIdle: Bool {
        augmentation.shiftMilliseconds == 0 && augmentation.gainDecibels == 0
            && augmentation.speed == 0 && rooms == nil && augmentation.noise == nil
            && augmentation.masks == nil
    }

    /// A clip of `samples` samples: speed, room, place, noise and level changed.
    package func clip(_ pcm: [Int16], samples: Int, _ random: inout SplitMix64) -> [Int16] {
        var x = pcm.map { Float($0) }
        if augmentation.speed > 0 {
            x = Augmenter.resampled(
                x, by: 1 + random.uniform(-augmentation.speed...augmentation.speed))
        }
        if let rooms { x = rooms.place(x, &random) }
        x = Augmenter.placed(x, samples: samples, at: shift(&random))
        if let noise = augmentation.noise, random.unit() < noise.probability {
            add(noise, to: &x, &random)
        }
        let decibels = random.uniform(-augmentation.gainDecibels...augmentation.gainDecibels)
        let gain = Float(pow(10, decibels / 20))
        return x.map { Int16(min(32767, max(-32768, ($0 * gain).rounded()))) }
    }

    /// Masks features `[frames][features]` in place.
    package func mask(
        _ features: inout [Float], frames: Int, each: Int, _ random: inout SplitMix64
    ) {
        guard let masks = augmentation.masks else { return }
        let mean = features.reduce(0, +) / Float(max(1, features.count))
        for _ in 0..<masks.count {
            let height = random.below(min(masks.frames, frames) + 1)
            let top = random.below(frames - height + 1)
            for i in top * each..<(top + height) * each { features[i] = mean }
            let width = random.below(min(masks.features, each) + 1)
            let left = random.below(each - width + 1)
            for frame in 0..<frames {
                for i in left..<left + width { features[frame * each + i] = mean }
            }
        }
    }

    private func shift(_ random: inout SplitMix64) -> Int {
        let most = augmentation.shiftMilliseconds * Double(AudioFile.sampleRate) / 1000
        return Int(random.uniform(-most...most).rounded())
    }

    /// Noise from a random place of a random recording, over and over if it is short. A silent clip
    /// gets it as loud as it is.
    private func add(_ noise: Recipe.Noise, to x: inout [Float], _ random: inout SplitMix64) {
        let recording = noises[random.below(noises.count)]
        let start = random.below(recording.count)
        let background = x.indices.map { Float(recording[(start + $0) % recording.count]) }
        let ratio = pow(10, random.uniform(noise.decibels) / 10)
        let (loud, quiet) = (Augmenter.power(x), Augmenter.power(background))
        let gain = loud >= 1 ? Float((loud / (ratio * max(quiet, 1))).squareRoot()) : 1
        for i in x.indices { x[i] += gain * background[i] }
    }

    private static func power(_ x: [Float]) -> Double {
        x.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, x.count))
    }

    /// Linear interpolation, `factor` times as fast.
    private static func resampled(_ x: [Float], by factor: Double) -> [Float] {
        guard x.count > 1 else { return x }
        return (0..<max(1, Int(Double(x.count) / factor))).map { i in
            let place = min(Double(i) * factor, Double(x.count - 1))
            let left = min(Int(place), x.count - 2)
            let share = Float(place - Double(left))
            return x[left] * (1 - share) + x[left + 1] * share
        }
    }

    /// `samples` samples, the clip's first one at `start`; silence around it.
    private static func placed(_ x: [Float], samples: Int, at start: Int) -> [Float] {
        (0..<samples).map { i in x.indices.contains(i - start) ? x[i - start] : 0 }
    }
}

extension Rooms {
    init(_ rooms: Recipe.Rooms, seed: UInt64) {
        self.init(share: rooms.share, reverberation: rooms.reverberation, seed: seed)
    }
}
