// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KeywordSpotter

/// Plays labelled audio to the C library, on the same path as `kwsc listen`.
package struct StreamEvaluation: Sendable {
    /// One piece of audio.
    package struct Piece: Hashable, Sendable {
        package var title: String
        package var words: [LabelledAudio.Word]
        package var heard: [HeardKeyword]

        package init(_ audio: LabelledAudio, heard: [HeardKeyword]) {
            title = audio.title
            words = audio.words
            self.heard = heard
        }
    }

    package struct Result: Sendable {
        package var tally: StreamTally
        package var pieces: [Piece]
        /// Of one core, that the library took to hear all of it.
        package var seconds: Double

        package init(tally: StreamTally, pieces: [Piece], seconds: Double) {
            self.tally = tally
            self.pieces = pieces
            self.seconds = seconds
        }
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
    private let float: FloatDetector?

    /// - Parameters:
    ///   - openBlock: `block` without lock-out.
    ///   - keywords: those to look at; empty: all of the model's.
    ///   - threshold: for all keywords, in units of 1/65536; nil takes the model's own.
    ///   - float: the float network that is played beside the library; nil: none.
    /// - Throws: if the model does not know a keyword.
    package init(
        block: LoadedBlock, openBlock: LoadedBlock, keywords: [String], threshold: UInt16? = nil,
        float: EvaluatedModel? = nil
    ) throws(EvaluationError) {
        self.block = block
        self.openBlock = openBlock
        self.threshold = threshold
        let (names, thresholds) = try block.withSpotter { spotter throws(EvaluationError) in
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
        self.keywords = names
        self.thresholds = thresholds
        if let float {
            self.float = try FloatDetector(float, block, keywords: names)
        } else {
            self.float = nil
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
            index throws(EvaluationError) -> (Piece, StreamTally, Double) in
            try play(source.audio(chosen[index]))
        }
        return Result(
            tally: parts.reduce(StreamTally(keywords: keywords, hasFloat: float != nil)) {
                $0 + $1.1
            },
            pieces: parts.map(\.0), seconds: parts.reduce(0) { $0 + $1.2 })
    }

    private func play(
        _ audio: LabelledAudio
    ) throws(EvaluationError) -> (Piece, StreamTally, Double) {
        var tally = StreamTally(keywords: keywords, hasFloat: float != nil)
        let words = keywords.map { keyword in
            audio.words.filter { $0.label == keyword }.map(\.spoken)
        }
        for (index, keyword) in keywords.enumerated() {
            tally.curves[index].add(
                try openBlock.trace(of: keyword, in: audio.samples, words: words[index]),
                tolerance: Self.toleranceSamples, lockout: block.lockoutSamples)
        }
        let traces = float?.traces(in: audio.samples, words: words) ?? []
        for (index, trace) in traces.enumerated() {
            tally.floatCurves[index].add(
                trace, tolerance: Self.toleranceSamples, lockout: block.lockoutSamples)
        }
        let start = Self.threadSeconds
        let heard = try block.heard(in: audio.samples, threshold: threshold)
        let seconds = Self.threadSeconds - start
        tally.score.add(
            audio, heard: heard, keywords: keywords, tolerance: Self.toleranceSamples)
        return (Piece(audio, heard: heard), tally, seconds)
    }

    /// Time that this thread has run.
    package static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
