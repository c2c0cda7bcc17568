// SPDX-License-Identifier: Apache-2.0

/// Sizes of pushes: one for ever, or drawn from 1 to 16000 samples, each power of two as often as any
/// other, the same on every machine.
public struct ChunkSizes: Sendable {
    private static let most: UInt32 = 16_000

    private let fixed: Int
    private var state: UInt32

    /// - Parameters:
    ///   - fixed: samples; 0 draws sizes.
    ///   - seed: of the sizes drawn.
    public init(fixed: Int, seed: UInt32) {
        self.fixed = fixed
        state = seed &* 0x9E37_79B1
    }

    public mutating func next() -> Int {
        if fixed > 0 { return fixed }
        // The recurrence of Numerical Recipes; its upper bits are the random ones.
        state = state &* 1_664_525 &+ 1_013_904_223
        let power = (state >> 28) % 15
        let size = (1 << power) + ((state >> 8) & ((1 << power) - 1))
        return Int(min(ChunkSizes.most, size))
    }
}
