// SPDX-License-Identifier: Apache-2.0

/// Where a word lies, from the posteriors that a CTC network gives its characters (Arik et al. 2017,
/// algorithm 1).
///
/// A character's largest occupancy may be a later or an earlier same character's. So from the last
/// character to the first, what lies behind a character's place counts less for the one before it, and
/// from the first to the last what lies in front of it for the one behind it.
package struct OccupancyAlignment: Sendable {
    /// What an occupancy on the wrong side is multiplied by, 0 to 1.
    package var decay: Double
    package var iterations: Int

    package init(decay: Double = 0.5, iterations: Int = 3) {
        precondition(
            (0...1).contains(decay) && iterations > 0, "a decay of 0 to 1, some iterations")
        self.decay = decay
        self.iterations = iterations
    }

    /// The frames of the first and the last character.
    ///
    /// - Parameter occupancies: smoothed, `[character][frame]`.
    /// - Requires: at least one character and one frame, as many frames for each.
    package func callAsFunction(_ occupancies: [[Double]]) -> ClosedRange<Int> {
        let frames = occupancies.first?.count ?? 0
        precondition(
            frames > 0 && occupancies.allSatisfy { $0.count == frames }, "whole occupancies")
        let last = occupancies.count - 1
        var (forward, backward) = (occupancies, occupancies)
        var (places, backwardPlaces) = ([0, 0], [0, 0])
        for _ in 0..<iterations {
            for k in (0...last).reversed() {
                let place = Self.peak(backward[k])
                if k == last { backwardPlaces[1] = place }
                if k == 0 { backwardPlaces[0] = place }
                guard k > 0 else { break }
                for t in place..<frames { backward[k - 1][t] *= decay }
            }
            for k in 0...last {
                let place = Self.peak(forward[k])
                if k == 0 { places[0] = place }
                if k == last { places[1] = place }
                guard k < last else { break }
                for t in 0...place { forward[k + 1][t] *= decay }
            }
        }
        let first = min(places[0], backwardPlaces[0])
        return first...max(first, places[1], backwardPlaces[1])
    }

    /// The frame with the largest number, the earliest of equals.
    private static func peak(_ numbers: [Double]) -> Int {
        numbers.indices.max { numbers[$0] < numbers[$1] || numbers[$0] == numbers[$1] && $0 > $1 }
            ?? 0
    }
}
