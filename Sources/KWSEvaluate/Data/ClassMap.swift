// SPDX-License-Identifier: Apache-2.0

/// Maps the labels of a data set to the classes of a model.
package struct ClassMap: Sendable {
    package let classes: [String]
    /// The class for words that the model does not know, if it has one.
    package let unknown: Int?
    /// The class for silence, if the model has one.
    package let silence: Int?

    package init(classes: [String]) {
        self.classes = classes
        unknown = Self.find(["unknown", "_unknown_"], in: classes)
        silence = Self.find(["silence", "_silence_"], in: classes)
    }

    /// The class of a clip: of its word if the model knows that, else of its label.
    package func index(of clip: Clip) -> Int? {
        classes.firstIndex(of: clip.word) ?? index(of: clip.label)
    }

    /// The class of a label; a word the model does not know is its unknown class, nil without one.
    ///
    /// Silence, which is no word, never maps to the unknown class.
    package func index(of label: String) -> Int? {
        if let exact = classes.firstIndex(of: label) { return exact }
        switch label {
        case "silence", "_silence_": return silence
        case "unknown", "_unknown_": return unknown
        default: return unknown
        }
    }

    /// The class of what is no keyword: the unknown one, else silence.
    ///
    /// - Throws: `EvaluationError` naming `file` if there is neither.
    package func background(in file: String) throws(EvaluationError) -> Int {
        guard let background = unknown ?? silence else {
            throw EvaluationError(
                .badData, file,
                "no label for what is no keyword; allowed: one of the labels is unknown or silence")
        }
        return background
    }

    private static func find(_ names: [String], in classes: [String]) -> Int? {
        classes.firstIndex { names.contains($0) }
    }
}
