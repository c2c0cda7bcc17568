// SPDX-License-Identifier: Apache-2.0

/// A recording that a model is made from.
package struct Recording: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// One of the words to hear.
        case word(String)
        /// Other speech.
        case other
        /// No speech.
        case noise
    }

    /// What a recording is used for; each person's serve one purpose.
    package enum Part: String, Hashable, Sendable, CaseIterable {
        /// Its weights are trained on these.
        case train
        /// What is chosen (width, threshold) is chosen by these.
        case val
        /// Nothing is chosen by these: they tell how well the model hears strangers.
        case test
    }

    package var path: String
    package var kind: Kind
    /// Empty where nothing tells.
    package var speaker: String
    /// As its data set says; nil where that says nothing.
    package var part: Part?

    package init(path: String, kind: Kind, speaker: String = "", part: Part? = nil) {
        self.path = path
        self.kind = kind
        self.speaker = speaker
        self.part = part
    }
}
