// SPDX-License-Identifier: Apache-2.0
//
// Goal: words are found where their characters are in order. Method: occupancies by hand.

import KWSTrain
import Testing

struct OccupancyAlignmentTests {
    /// Peaks at frames, 0.01 elsewhere.
    private func peaks(_ peaks: [[Int: Double]], frames: Int = 20) -> [[Double]] {
        peaks.map { peaks in (0..<frames).map { peaks[$0] ?? 0.01 } }
    }

    @Test func charactersInOrderAreTaken() {
        let align = OccupancyAlignment()
        #expect(align(peaks([[4: 0.9], [7: 0.8], [11: 0.9]])) == 4...11)
        #expect(align(peaks([[6: 0.5]])) == 6...6)
    }

    /// "noon": its o and its n are heard twice, and the later n a little better.
    @Test func theSameCharacterBehindDoesNotCount() {
        let occupancies = peaks([
            [3: 0.8, 12: 0.9], [6: 0.9, 9: 0.8], [6: 0.8, 9: 0.9], [3: 0.8, 12: 0.9],
        ])
        #expect(OccupancyAlignment(decay: 0.5, iterations: 1)(occupancies) == 3...12)
        // Without decay the first character is where the last one is.
        #expect(OccupancyAlignment(decay: 1, iterations: 1)(occupancies) == 12...12)
    }

    /// The first character's peak behind the word is three times the one in front: it takes two passes to
    /// fall below it.
    @Test func moreIterationsMakeStrongerOrder() {
        let late = peaks([[8: 0.3, 17: 0.9], [11: 0.6], [14: 0.6]])
        #expect(OccupancyAlignment(decay: 0.5, iterations: 1)(late) == 17...17)
        #expect(OccupancyAlignment(decay: 0.5, iterations: 2)(late) == 8...14)
    }

    @Test func equalsAreTheEarliest() {
        #expect(
            OccupancyAlignment()([Array(repeating: 0.5, count: 5)]) == 0...0)
    }
}
