// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// What an implementation computed on one clip: everything that has to agree.
package struct ParityTrace: Hashable, Sendable {
    /// A keyword heard, as `kws_event` has it.
    package struct Event: Hashable, Sendable {
        package var startSample: UInt32
        package var endSample: UInt32
        package var keyword: Int
        package var score: UInt16

        package init(startSample: UInt32, endSample: UInt32, keyword: Int, score: UInt16) {
            self.startSample = startSample
            self.endSample = endSample
            self.keyword = keyword
            self.score = score
        }
    }

    /// Inferences of the instance before.
    var firstInference = 0
    /// Samples taken.
    package var accepted = 0
    package var inferences = 0
    /// Of the scores of all inferences, one behind the other.
    var allScores = PositionChecksum()
    package var events: [Event] = []
    /// The network's input, then every layer's output, as stored, of the last inference.
    package var tensors: [[UInt8]] = []
}
