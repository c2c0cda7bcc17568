// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate

/// What a compiled model makes of clips: the C library's posteriors of each clip's first window.
package struct Hearing: Sendable {
    struct Heard: Sendable {
        /// A word's class; nil for other speech and noise.
        var word: Int?
        var isNoise: Bool
        /// In 1/65536.
        var scores: [UInt16]
    }

    /// How often what is so was taken for so.
    package struct Row: Sendable {
        /// A word, "other speech" or "noise".
        package var name: String
        /// Words heard as themselves.
        package var heard: Proportion
        /// Taken for a word that it is not.
        package var mistaken: Proportion
    }

    /// The model's classes; the words are those from `firstWord` on.
    package let classes: [String]
    private let words: Range<Int>
    private let heard: [Heard]

    /// Runs the C library over the clips of a part of a training set.
    ///
    /// - Parameter words: the classes that are words.
    package init(
        _ model: EvaluatedModel, data: DataSet, words: [String],
        progress: Parallel.Progress? = nil
    ) throws(EvaluationError) {
        let paths = try ScorePaths(model)
        let classes = paths.classes
        guard let first = words.first.flatMap(classes.firstIndex),
            Array(classes[first...]) == words
        else {
            throw EvaluationError(
                .badData, model.name,
                "classes \(classes.joined(separator: ", ")); the last must be the words")
        }
        self.classes = classes
        self.words = first..<classes.count
        let range = first..<classes.count
        heard = try Parallel.map(data.clips.count, progress: progress) {
            index throws(EvaluationError) in
            let clip = data.clips[index]
            let label = classes.firstIndex(of: clip.label)
            return Heard(
                word: label.flatMap { range.contains($0) ? $0 : nil },
                isNoise: clip.label == TrainingSet.silence,
                scores: try paths.library(try clip.read()).scores)
        }
    }

    /// The word that a clip is taken for, as the library's detector takes it: the likeliest of the
    /// words, if it is likely enough.
    private func decision(_ scores: [UInt16], threshold: Double) -> Int? {
        let best = words.lowerBound + scores[words].argmax
        return Double(scores[best]) >= 65536 * threshold ? best : nil
    }

    /// Words heard as themselves, of all words.
    package func hits(threshold: Double) -> Proportion {
        let spoken = heard.filter { $0.word != nil }
        return Proportion(
            successes: spoken.count { decision($0.scores, threshold: threshold) == $0.word },
            trials: spoken.count)
    }

    /// Other speech and noise taken for a word.
    package func falseAlarms(threshold: Double) -> Proportion {
        let others = heard.filter { $0.word == nil }
        return Proportion(
            successes: others.count { decision($0.scores, threshold: threshold) != nil },
            trials: others.count)
    }

    /// Of 0.30, 0.35 ... 0.95 the highest that costs at most half a point of the words, counted from the
    /// lowest at which no more than a twentieth of what is no word is taken for one.
    package var threshold: Double {
        let steps = (6...19).map { Double($0) / 20 }
        guard let lowest = steps.first(where: { falseAlarms(threshold: $0).value <= 0.05 }) else {
            return 0.95
        }
        let wanted = hits(threshold: lowest).value - 0.005
        return steps.last { hits(threshold: $0).value >= wanted } ?? lowest
    }

    /// Word by word, then other speech, then noise.
    package func rows(threshold: Double) -> [Row] {
        func row(_ name: String, _ own: [Heard]) -> Row {
            let decisions = own.map { (decision($0.scores, threshold: threshold), $0.word) }
            return Row(
                name: name,
                heard: Proportion(
                    successes: decisions.count { $0.0 != nil && $0.0 == $0.1 },
                    trials: own.count),
                mistaken: Proportion(
                    successes: decisions.count { $0.0 != nil && $0.0 != $0.1 },
                    trials: own.count))
        }
        return words.map { index in row(classes[index], heard.filter { $0.word == index }) } + [
            row("other speech", heard.filter { $0.word == nil && !$0.isNoise }),
            row("noise", heard.filter { $0.word == nil && $0.isNoise }),
        ]
    }
}
