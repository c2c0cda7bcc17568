// SPDX-License-Identifier: Apache-2.0

internal import KeywordSpotter

/// Plays labelled audio to the C library, on the same path as `kwsc listen`.
package struct StreamEvaluation: Sendable {
    /// One piece of audio.
    package struct Piece: Hashable, Sendable {
        package var title: String
        package var words: [LabelledAudio.Word]
        package var heard: [HeardKeyword]
    }

    package struct Result: Sendable {
        package var tally: StreamTally
        package var pieces: [Piece]
    }

    /// Samples behind a word in which a detection still belongs to it: half a second.
    package static let toleranceSamples = AudioFile.sampleRate / 2

    let block: LoadedBlock
    /// The same without lock-out.
    let openBlock: LoadedBlock
    package let keywords: [String]
    /// Of each keyword, in units of 1/65536.
    package let thresholds: [UInt16]
    private let threshold: UInt16?

    /// - Parameters:
    ///   - openBlock: `block` without lock-out.
    ///   - keywords: those to look at; empty: all of the model's.
    ///   - threshold: for all keywords, in units of 1/65536; nil takes the model's own.
    /// - Throws: if the model does not know a keyword.
    package init(
        block: LoadedBlock, openBlock: LoadedBlock, keywords: [String], threshold: UInt16? = nil
    ) throws(EvaluationError) {
        self.block = block
        self.openBlock = openBlock
        self.threshold = threshold
        (self.keywords, thresholds) = try block.withSpotter { spotter throws(EvaluationError) in
            let chosen = keywords.isEmpty ? spotter.keywords : keywords
            var thresholds: [UInt16] = []
            for keyword in chosen {
                guard let number = spotter.keywords.firstIndex(of: keyword) else {
                    throw EvaluationError(
                        .badData, spotter.name,
                        "no keyword '\(keyword)'; the model's are \(spotter.keywords)")
                }
                thresholds.append(threshold ?? (try? spotter.threshold(of: number)) ?? 0)
            }
            return (chosen, thresholds)
        }
    }

    /// Plays a part of the audio.
    ///
    /// - Throws: if a piece cannot be read, or the model has no front end.
    package func run(
        _ source: some AudioSource, part: StreamPart = .whole, progress: Parallel.Progress? = nil
    ) throws(EvaluationError) -> Result {
        let chosen = part.indices(of: source.count)
        let parts = try Parallel.map(chosen.count, progress: progress) {
            index throws(EvaluationError) -> (Piece, StreamTally) in
            try play(source.audio(chosen[index]))
        }
        return Result(
            tally: parts.reduce(StreamTally(keywords: keywords)) { $0 + $1.1 },
            pieces: parts.map(\.0))
    }

    private func play(_ audio: LabelledAudio) throws(EvaluationError) -> (Piece, StreamTally) {
        var tally = StreamTally(keywords: keywords)
        for (index, keyword) in keywords.enumerated() {
            let words = audio.words.filter { $0.label == keyword }
            tally.curves[index].add(
                try openBlock.trace(
                    of: keyword, in: audio.samples, words: words.map(\.spoken)),
                tolerance: Self.toleranceSamples, lockout: block.lockoutSamples)
        }
        let heard = try block.heard(in: audio.samples, threshold: threshold)
        tally.score.add(
            audio, heard: heard, keywords: keywords, tolerance: Self.toleranceSamples)
        return (Piece(title: audio.title, words: audio.words, heard: heard), tally)
    }
}
