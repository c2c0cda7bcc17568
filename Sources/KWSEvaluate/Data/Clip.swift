// SPDX-License-Identifier: Apache-2.0

/// One recording of a data set.
package struct Clip: Hashable, Sendable {
    /// The file, as it can be opened.
    package var path: String
    /// What is said, in the data set's words.
    package var label: String
    /// Who says it; empty where the set does not know.
    package var speaker: String
    /// The part of the set ("train", "val", "test"); empty where there is none.
    package var split: String

    /// The word behind a collective label such as "unknown"; empty where the set does not know.
    package var word: String

    package init(
        path: String, label: String, speaker: String = "", split: String = "", word: String = ""
    ) {
        self.path = path
        self.label = label
        self.speaker = speaker
        self.split = split
        self.word = word
    }
}
