// SPDX-License-Identifier: Apache-2.0

/// What each row of a sequence's output should say.
package struct RowTargets: Sendable, Equatable {
    /// Rows in which a keyword is spoken.
    package struct Segment: Sendable, Equatable {
        package var rows: Range<Int>
        package var label: Int

        package init(rows: Range<Int>, label: Int) {
            self.rows = rows
            self.label = label
        }
    }

    /// The class of each row outside all segments; -1 for a row that does not count.
    package var background: [Int]
    package var segments: [Segment]

    package init(background: [Int], segments: [Segment] = []) {
        precondition(
            segments.allSatisfy {
                !$0.rows.isEmpty && background.indices.contains($0.rows.lowerBound)
                    && $0.rows.upperBound <= background.count
            }, "segments within the rows")
        self.background = background
        self.segments = segments
        for segment in segments {
            for row in segment.rows { self.background[row] = -1 }
        }
    }
}
