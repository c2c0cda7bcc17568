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

    /// The part of the recording, in samples at 16 kHz; nil is all of it. What lies outside the
    /// recording is silence.
    package var part: Range<Int>?

    package init(
        path: String, label: String, speaker: String = "", split: String = "", word: String = "",
        part: Range<Int>? = nil
    ) {
        self.path = path
        self.label = label
        self.speaker = speaker
        self.split = split
        self.word = word
        self.part = part
    }

    /// Reads the samples.
    package func read() throws(EvaluationError) -> [Int16] {
        let samples = try AudioFile.read(path)
        guard let part else { return samples }
        return part.map { samples.indices.contains($0) ? samples[$0] : 0 }
    }
}
