// SPDX-License-Identifier: Apache-2.0

/// Synthetic sound: loud, quiet, silent, odd; the same in every run.
enum Clips {
    /// Numbers of splitmix64.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let seed: UInt64 = 20

    /// Name and samples; lengths of a second and others.
    static var all: [(name: String, pcm: [Int16])] {
        var random = Random(state: seed)
        func noise(_ count: Int, _ amplitude: Int) -> [Int16] {
            (0..<count).map { _ in
                Int16(
                    max(-32768, min(32767, Int.random(in: -amplitude...amplitude, using: &random))))
            }
        }
        var burst = [Int16](repeating: 0, count: 16000)
        burst.replaceSubrange(4000..<9000, with: noise(5000, 12000))
        var impulse = [Int16](repeating: 0, count: 16000)
        impulse[7777] = 32767
        let pulses = (0..<16000).map { Int16($0 % 97 < 3 ? 9000 : -290) }
        let square = (0..<16000).map { Int16($0 / 20 % 2 == 0 ? 32767 : -32768) }
        return [
            ("white noise", noise(16000, 8000)), ("full-scale noise", noise(16000, 32767)),
            ("quiet noise", noise(16000, 300)), ("one-bit noise", noise(16000, 1)),
            ("burst in digital silence", burst),
            ("impulse", impulse), ("pulses", pulses), ("full-scale square", square),
            ("short", noise(7510, 3000)),
            ("least samples", [Int16](repeating: -32768, count: 16000)),
            ("digital silence", [Int16](repeating: 0, count: 16000)), ("empty", []),
        ]
    }
}
