// SPDX-License-Identifier: Apache-2.0

/// One spoken item and where in it somebody speaks.
struct Utterance {
    let name: String
    /// At 16 kHz, largest magnitude 1.
    let samples: [Double]
    /// The part within 40 dB of the loudest 10 ms.
    let active: Range<Int>

    init(name: String, _ wave: WaveFile) {
        self.name = name
        let sound = wave.resampled(to: Stream.sampleRate).samples
        let peak = max(1e-6, sound.map(abs).max() ?? 0)
        let samples = sound.map { $0 / peak }
        self.samples = samples
        let hop = Stream.sampleRate / 100
        let energies = stride(from: 0, to: samples.count, by: hop).map { start in
            samples[start..<min(start + hop, samples.count)].reduce(0) { $0 + $1 * $1 }
        }
        let threshold = (energies.max() ?? 0) * 1e-4
        let first = energies.firstIndex { $0 > threshold } ?? 0
        let last = energies.lastIndex { $0 > threshold } ?? 0
        active = first * hop..<min(samples.count, (last + 1) * hop)
    }
}
