// SPDX-License-Identifier: Apache-2.0

/// A keyword heard; sample numbers count from the start or the last reset and wrap at 2^32.
public struct ReferenceEvent: Hashable, Sendable {
    /// The first sample of what the score rests on (SPEC.md 6).
    public var startSample: UInt32
    /// One past the last sample heard: the moment of detection.
    public var endSample: UInt32
    /// The keyword's number, below `ReferenceSpotter.keywordCount`.
    public var keyword: Int
    /// The smoothed posterior in units of 1/65536.
    public var score: UInt16

    public init(startSample: UInt32, endSample: UInt32, keyword: Int, score: UInt16) {
        self.startSample = startSample
        self.endSample = endSample
        self.keyword = keyword
        self.score = score
    }
}
