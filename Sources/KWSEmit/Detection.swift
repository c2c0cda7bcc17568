// SPDX-License-Identifier: Apache-2.0

/// The detector's parameters, in the units of kws_detector.
package struct Detection: Hashable, Sendable {
    package struct Keyword: Hashable, Sendable {
        package var classIndex: Int
        /// In units of 1/65536.
        package var threshold: Int

        package init(classIndex: Int, threshold: Int) {
            self.classIndex = classIndex
            self.threshold = threshold
        }
    }

    /// Several keywords that make one.
    package struct Phrase: Hashable, Sendable {
        package var name: String
        /// Indices into `keywords`, 1 to 8.
        package var words: [Int]
        package var isOrdered: Bool
        /// In units of 1/65536.
        package var threshold: Int

        package init(name: String, words: [Int], isOrdered: Bool, threshold: Int) {
            self.name = name
            self.words = words
            self.isOrdered = isOrdered
            self.threshold = threshold
        }
    }

    package var inferenceHops: Int
    package var smoothing: Int
    package var lockoutHops: Int
    package var keywords: [Keyword]
    package var phrases: [Phrase]
    /// Decisions that a phrase looks at, 1 to 1024; 0 without phrases.
    package var phraseDecisions: Int
    /// Least difference between the sums of two feature rows, in input steps; 0: no gate.
    package var contrast: Int
    /// Least sum of squares of a hop's samples, at most 2^31; 0: no gate.
    package var energy: Int

    package init(
        inferenceHops: Int, smoothing: Int, lockoutHops: Int, keywords: [Keyword],
        phrases: [Phrase] = [], phraseDecisions: Int = 0, contrast: Int = 0, energy: Int = 0
    ) {
        self.inferenceHops = inferenceHops
        self.smoothing = smoothing
        self.lockoutHops = lockoutHops
        self.keywords = keywords
        self.phrases = phrases
        self.phraseDecisions = phraseDecisions
        self.energy = energy
        self.contrast = contrast
    }

    /// Words of all phrases together.
    package var phraseWords: Int { phrases.reduce(0) { $0 + $1.words.count } }
}
