// SPDX-License-Identifier: Apache-2.0

/// Audio of which it is known what is spoken where.
package struct LabelledAudio: Hashable, Sendable {
    package struct Word: Hashable, Sendable {
        package var label: String
        /// The samples in which it is spoken.
        package var spoken: Range<Int>

        package init(label: String, spoken: Range<Int>) {
            self.label = label
            self.spoken = spoken
        }
    }

    /// What people know it by.
    package var title: String
    package var samples: [Int16]
    /// In the order in which they are heard.
    package var words: [Word]

    package init(title: String, samples: [Int16], words: [Word]) {
        self.title = title
        self.samples = samples
        self.words = words
    }
}

/// Pieces of labelled audio, each of which is played by itself.
package protocol AudioSource: Sendable {
    var count: Int { get }
    /// What the audio depends on: equal settings, equal audio.
    var setting: String { get }

    func audio(_ index: Int) throws(EvaluationError) -> LabelledAudio
}
