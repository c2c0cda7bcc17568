// SPDX-License-Identifier: Apache-2.0

/// Noise with words in it, and where they are.
package struct SimulatedStream: Hashable, Sendable {
    package struct Word: Hashable, Sendable {
        /// The samples in which it is spoken.
        package var spoken: Range<Int>
        /// The clip it comes from, an index into the maker's clips.
        package var clip: Int
        package var label: String

        package init(spoken: Range<Int>, clip: Int, label: String) {
            self.spoken = spoken
            self.clip = clip
            self.label = label
        }
    }

    package var samples: [Int16]
    /// In the order in which they are heard.
    package var words: [Word]
    package var noise: String
    /// dBFS.
    package var level: Double

    package init(samples: [Int16], words: [Word], noise: String, level: Double) {
        self.samples = samples
        self.words = words
        self.noise = noise
        self.level = level
    }
}
