// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEvaluate
internal import KWSNumerics

/// Sounds to calibrate by when there are no recordings: voiced pulse trains through two resonances,
/// with gliding pitch, pauses, noise and levels from -45 to -5 dBFS. A makeshift; speech is better.
struct SyntheticSounds {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    private mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        Double.random(in: range, using: &random)
    }

    func clips(_ count: Int, samples: Int) -> [[Int16]] {
        var copy = self
        return (0..<count).map { _ in copy.clip(samples) }
    }

    func features(_ count: Int, of elements: Int) -> [[Float]] {
        var copy = self
        return (0..<count).map { _ in (0..<elements).map { _ in Float(copy.uniform(-1...1)) } }
    }

    private mutating func clip(_ samples: Int) -> [Int16] {
        let start = uniform(0...0.6) * Double(samples)
        let length = uniform(0.2...0.6) * Double(samples)
        let level = 32767 * pow(10, uniform(-45 ... -5) / 20)
        let noise = level * pow(10, uniform(-50 ... -5) / 20)
        let poles = [uniform(300...900), uniform(900...2600)].map { 2 * Double.pi * $0 / 16000 }
        var pitch = uniform(80...260)
        let glide = uniform(-60...60) / 16000
        var phase = 0.0
        var state = [0.0, 0.0, 0.0, 0.0]
        var sound = Array(repeating: 0.0, count: samples)
        for n in 0..<samples {
            let isVoiced = Double(n) >= start && Double(n) < start + length
            phase += pitch / 16000
            pitch = max(60, pitch + glide)
            var y = 0.0
            if phase >= 1 { (phase, y) = (phase - 1, isVoiced ? 1 : 0) }
            for (k, pole) in poles.enumerated() {
                y += 1.9 * cos(pole) * state[2 * k] - 0.9025 * state[2 * k + 1]
                state[2 * k + 1] = state[2 * k]
                state[2 * k] = y
            }
            sound[n] = y
        }
        let peak = max(1e-9, sound.reduce(0) { max($0, abs($1)) })
        return sound.map {
            Int16(max(-32768, min(32767, ($0 / peak * level + uniform(-noise...noise)).rounded())))
        }
    }
}
