// SPDX-License-Identifier: Apache-2.0

/// Sounds made in memory, 16 kHz.
package enum TestSound {
    /// White noise of an amplitude.
    package static func noise(_ count: Int, amplitude: Int, seed: UInt64) -> [Int16] {
        var random = TestRandom(seed: seed)
        return (0..<count).map { _ in
            Int16(Int(random.next() % UInt64(2 * amplitude + 1)) - amplitude)
        }
    }

    /// Silence, with bursts of loud noise in the given ranges.
    package static func bursts(_ count: Int, at ranges: [Range<Int>]) -> [Int16] {
        var sound = [Int16](repeating: 0, count: count)
        for (index, range) in ranges.enumerated() {
            sound.replaceSubrange(
                range, with: noise(range.count, amplitude: 20000, seed: UInt64(index + 1)))
        }
        return sound
    }
}
