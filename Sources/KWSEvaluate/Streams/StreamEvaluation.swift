// SPDX-License-Identifier: Apache-2.0

internal import KeywordSpotter

/// Plays simulated streams to the C library, on the same path as `kwsc listen`.
package struct StreamEvaluation: Sendable {
    package struct Result: Sendable {
        package var score: StreamScore
        /// What was heard in each stream.
        package var heard: [[HeardKeyword]]
        package var streams: [SimulatedStream]
        /// In units of 1/65536.
        package var threshold: UInt16
        /// Of all thresholds.
        package var curve: DetectionCurve
    }

    package var block: LoadedBlock
    /// The same without lock-out.
    package var openBlock: LoadedBlock
    package var keyword: String
    /// In units of 1/65536; nil takes the model's own.
    package var threshold: UInt16?

    package init(
        block: LoadedBlock, openBlock: LoadedBlock, keyword: String, threshold: UInt16? = nil
    ) {
        self.block = block
        self.openBlock = openBlock
        self.keyword = keyword
        self.threshold = threshold
    }

    /// - Throws: if the model does not know the keyword or has no front end.
    package func run(
        _ maker: StreamMaker, streams count: Int, progress: Parallel.Progress? = nil
    ) throws(EvaluationError) -> Result {
        let used = try usedThreshold()
        let (tolerance, lockout) = (maker.recipe.toleranceSamples, block.lockoutSamples)
        let parts = try Parallel.map(count, progress: progress) {
            index throws(EvaluationError) -> (SimulatedStream, [HeardKeyword], DetectionCurve) in
            let stream = maker.stream(index)
            var curve = DetectionCurve()
            curve.add(
                try openBlock.trace(
                    of: keyword, in: stream.samples, words: stream.words.map(\.spoken)),
                tolerance: tolerance, lockout: lockout)
            return (
                stream, try block.heard(in: stream.samples, threshold: threshold), curve
            )
        }
        var score = StreamScore()
        for (stream, heard, _) in parts {
            score.add(stream, heard: heard, keyword: keyword, tolerance: tolerance)
        }
        return Result(
            score: score, heard: parts.map(\.1), streams: parts.map(\.0), threshold: used,
            curve: parts.reduce(DetectionCurve()) { $0 + $1.2 })
    }

    private func usedThreshold() throws(EvaluationError) -> UInt16 {
        try block.withSpotter { spotter throws(EvaluationError) in
            guard let number = spotter.keywords.firstIndex(of: keyword) else {
                throw EvaluationError(
                    .badData, spotter.name,
                    "no keyword '\(keyword)'; the model's are \(spotter.keywords)")
            }
            if let threshold { return threshold }
            return (try? spotter.threshold(of: number)) ?? 0
        }
    }
}
