// SPDX-License-Identifier: Apache-2.0

package import KeywordSpotter

/// A keyword heard in a recording or a stream.
package struct HeardKeyword: Hashable, Sendable {
    package var keyword: String
    /// The smoothed posterior, 0 ..< 1.
    package var score: Double
    /// First sample of what the score rests on; negative numbers do not occur.
    package var startSample: Int
    /// One past the last sample heard: the moment of detection.
    package var endSample: Int

    package init(keyword: String, score: Double, startSample: Int, endSample: Int) {
        self.keyword = keyword
        self.score = score
        self.startSample = startSample
        self.endSample = endSample
    }
}

/// Feeds audio to an instance of the C library, chunk by chunk, and reports what it hears.
package struct Listener {
    private let keywords: [String]
    /// Samples pushed so far.
    private var pushed = 0
    /// The best score since `takeBest()`, for meters.
    package let windowSamples: Int

    /// - Throws: if the model has no front end or takes audio of another rate.
    package init(_ spotter: borrowing KeywordSpotter) throws(EvaluationError) {
        let rate = spotter.sampleRate
        guard rate == AudioFile.sampleRate else {
            throw EvaluationError(
                .badData, spotter.name,
                rate == 0
                    ? "the model takes features, not audio: it has no front end"
                    : "the model takes audio of \(rate) Hz; allowed: \(AudioFile.sampleRate) Hz")
        }
        keywords = spotter.keywords
        windowSamples = spotter.windowSamples
    }

    /// Pushes samples, polls until the instance is idle, and hands every detection over at once.
    package mutating func hear(
        _ samples: ArraySlice<Int16>, with spotter: inout KeywordSpotter,
        _ report: (HeardKeyword) -> Void
    ) throws(EvaluationError) {
        var rest = samples
        while !rest.isEmpty {
            let taken = rest.withUnsafeBufferPointer { spotter.push($0) }
            pushed += taken
            rest = rest.dropFirst(taken)
            let worked = try poll(&spotter, report)
            guard taken > 0 || worked else {
                throw EvaluationError(
                    .failure, "the library", "takes no samples and has nothing to do")
            }
        }
    }

    /// Polls until the instance is idle.
    private func poll(
        _ spotter: inout KeywordSpotter, _ report: (HeardKeyword) -> Void
    ) throws(EvaluationError) -> Bool {
        var worked = false
        while true {
            let step: SpotterStep
            do throws(SpotterError) {
                step = try spotter.poll()
            } catch {
                throw EvaluationError(.failure, "the library", "\(error)")
            }
            switch step {
            case .idle: return worked
            case .again: break
            case .event(let event): report(heard(event))
            }
            worked = true
        }
    }

    /// Widens the event's sample numbers, which wrap at 2^32, by the samples pushed so far.
    private func heard(_ event: SpotterEvent) -> HeardKeyword {
        let end = pushed - Int(UInt32(truncatingIfNeeded: pushed) &- event.endSample)
        return HeardKeyword(
            keyword: event.keyword < keywords.count ? keywords[event.keyword] : "?",
            score: Double(event.score) / 65536,
            startSample: end - Int(event.endSample &- event.startSample), endSample: end)
    }
}

extension LoadedBlock {
    /// What the model hears in a whole recording.
    ///
    /// - Parameters:
    ///   - chunk: samples a push; the result does not depend on it.
    ///   - thresholds: by keyword number, in units of 1/65536; nil keeps the model's own.
    package func heard(
        in samples: [Int16], chunk: Int = 160, threshold: UInt16? = nil
    ) throws(EvaluationError) -> [HeardKeyword] {
        precondition(chunk > 0, "empty chunks")
        return try withSpotter { spotter throws(EvaluationError) in
            if let threshold { try spotter.setThresholds(threshold) }
            var listener = try Listener(spotter)
            var found = [HeardKeyword]()
            for start in stride(from: 0, to: samples.count, by: chunk) {
                try listener.hear(
                    samples[start..<min(start + chunk, samples.count)], with: &spotter
                ) { found.append($0) }
            }
            return found
        }
    }
}

extension LoadedBlock {
    /// The score of a keyword at every decision in a recording.
    ///
    /// - Requires: the block has no lock-out.
    package func trace(
        of keyword: String, in samples: [Int16], words: [Range<Int>], chunk: Int = 1600
    ) throws(EvaluationError) -> ScoreTrace {
        precondition(lockoutSamples == 0, "a block that keeps silent after an event")
        return try withSpotter { spotter throws(EvaluationError) in
            try spotter.setAll(.max)
            guard let number = spotter.keywords.firstIndex(of: keyword) else {
                throw EvaluationError(.badData, spotter.name, "no keyword '\(keyword)'")
            }
            try spotter.set(0, of: number)
            var listener = try Listener(spotter)
            var trace = ScoreTrace(ends: [], scores: [], words: words, samples: samples.count)
            for start in stride(from: 0, to: samples.count, by: chunk) {
                try listener.hear(
                    samples[start..<min(start + chunk, samples.count)], with: &spotter
                ) { heard in
                    trace.ends.append(heard.endSample)
                    // Scores are whole numbers of 1/65536.
                    trace.scores.append(UInt16(heard.score * 65536))
                }
            }
            return trace
        }
    }
}

extension KeywordSpotter {
    /// Sets the threshold of every keyword that may fire: words of phrases do not.
    package mutating func setThresholds(_ threshold: UInt16) throws(EvaluationError) {
        for keyword in 0..<keywordCount where (try? self.threshold(of: keyword)) != .max {
            try set(threshold, of: keyword)
        }
    }

    /// Sets the threshold of every keyword.
    package mutating func setAll(_ threshold: UInt16) throws(EvaluationError) {
        for keyword in 0..<keywordCount { try set(threshold, of: keyword) }
    }

    /// Sets the threshold of one keyword.
    fileprivate mutating func set(
        _ threshold: UInt16, of keyword: Int
    ) throws(EvaluationError) {
        do throws(SpotterError) {
            try setThreshold(threshold, of: keyword)
        } catch {
            throw EvaluationError(.failure, "the library", "\(error)")
        }
    }
}
