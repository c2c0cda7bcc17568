// SPDX-License-Identifier: Apache-2.0

package import KWSFrontEnd
package import KWSGraph

/// What a network's numbers mean: its classes, its front end and when a keyword counts as heard.
package struct ModelDescription: Sendable {
    /// A class that raises events.
    package struct Keyword: Hashable, Sendable {
        /// Index into `labels`.
        package var classIndex: Int
        /// Smoothed posterior from which on the keyword is heard, 0 to 1; nil: never, unless the
        /// library is told otherwise.
        package var threshold: Double?

        package init(classIndex: Int, threshold: Double?) {
            self.classIndex = classIndex
            self.threshold = threshold
        }
    }

    /// Several keywords that make one.
    package struct Phrase: Hashable, Sendable {
        package var name: String
        /// Indices into `keywords`, 1 to 8.
        package var words: [Int]
        /// Whether each word is later than the one before it.
        package var isOrdered: Bool
        /// Geometric mean of the words' largest smoothed posteriors from which on the phrase is
        /// heard, 0 to 1.
        package var threshold: Double

        package init(name: String, words: [Int], isOrdered: Bool, threshold: Double) {
            self.name = name
            self.words = words
            self.isOrdered = isOrdered
            self.threshold = threshold
        }
    }

    package struct Detection: Hashable, Sendable {
        /// Hops from one inference to the next, 1 to 255.
        package var inferenceHops: Int
        /// Posteriors averaged, 1 to 64.
        package var smoothing: Int
        /// No further event for so long after one.
        package var lockoutMilliseconds: Int
        /// A gate against steady noise: least difference between the mean features of two frames of
        /// the window, in the features' own unit; 0: no gate.
        package var contrast: Double
        /// A gate against silence: least RMS of one hop of the window, in steps of a sample, up to
        /// 2500; 0: no gate.
        package var level: Int
        /// For how long a phrase's words are remembered; no more than the lock-out.
        package var phraseMilliseconds: Int

        package init(
            inferenceHops: Int = 4, smoothing: Int = 3, lockoutMilliseconds: Int = 1000,
            contrast: Double = 0, level: Int = 0, phraseMilliseconds: Int = 1000
        ) {
            self.inferenceHops = inferenceHops
            self.smoothing = smoothing
            self.lockoutMilliseconds = lockoutMilliseconds
            self.contrast = contrast
            self.level = level
            self.phraseMilliseconds = phraseMilliseconds
        }
    }

    package var name: String
    /// One for each output of the network.
    package var labels: [String]
    package var keywords: [Keyword]
    package var phrases: [Phrase]
    /// Nil: the network is fed with features.
    package var frontEnd: FrontEndDefinition?
    /// The front end's preset name, where it is one.
    package var frontEndName: String?
    package var detection: Detection
    /// Whether the network reads each feature as a coarse and a fine channel: four more bits for
    /// networks whose features have a wide range, for as many more MACs in the first layer.
    package var hasFineInput: Bool
    /// Whether recurrent layers go on from the state of the last decision.
    package var isStateful: Bool
    /// The grids that the network was trained on; nil: compiling chooses.
    package var quantisation: LearnedQuantisation?

    package init(
        name: String, labels: [String], keywords: [Keyword], phrases: [Phrase] = [],
        frontEnd: FrontEndDefinition? = nil, frontEndName: String? = nil,
        detection: Detection = Detection(), hasFineInput: Bool = false,
        isStateful: Bool = false,
        quantisation: LearnedQuantisation? = nil
    ) {
        self.name = name
        self.labels = labels
        self.keywords = keywords
        self.phrases = phrases
        self.frontEnd = frontEnd
        self.frontEndName = frontEndName
        self.detection = detection
        self.hasFineInput = hasFineInput
        self.isStateful = isStateful
        self.quantisation = quantisation
    }
}
