// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
internal import KWSFrontEnd
package import KWSGraph
package import KWSModelFile
internal import KWSPasses
internal import KWSTrain

/// Plays labelled audio to a float network with the library's detector behind it. The network is run
/// along time, its states carried on from frame to frame, as training on streams has it; one that cannot
/// be, window by window.
///
/// It is quick. A device does the same if the description is stateful; else each window begins there with
/// states of 0.
package struct FloatStreams: Sendable {
    private let graph: FloatGraph
    private let frontEnd: FloatFrontEnd
    private let detection: ModelDescription.Detection
    /// The keywords to look at, with class and threshold.
    private let keywords: [(name: String, index: Int, threshold: UInt16)]

    /// - Parameters:
    ///   - keywords: those to look at; empty: all of the model's.
    ///   - threshold: for all keywords, in units of 1/65536; nil takes the model's own.
    /// - Throws: `EvaluationError` if the model does not know a keyword, has no front end, or a gate of
    ///   contrast, which belongs to a window.
    package init(
        _ graph: FloatGraph, _ description: ModelDescription, keywords: [String],
        threshold: UInt16? = nil
    ) throws(EvaluationError) {
        func refused(_ fact: String) -> EvaluationError {
            EvaluationError(.badData, description.name, fact)
        }
        guard let definition = description.frontEnd else { throw refused("no front end") }
        guard description.detection.contrast == 0, description.detection.level == 0,
            definition.normalisation != .windowPeak
        else {
            throw refused("a gate or a normalisation by the window; a stream has no window")
        }
        let known = description.keywords.map { keyword in
            (
                name: description.labels[keyword.classIndex], index: keyword.classIndex,
                // What is never heard is not heard here.
                threshold: threshold
                    ?? UInt16(min(65534, ((keyword.threshold ?? 1) * 65536).rounded()))
            )
        }
        self.keywords =
            keywords.isEmpty ? known : known.filter { keywords.contains($0.name) }
        for name in keywords where !known.contains(where: { $0.name == name }) {
            throw refused("no keyword '\(name)'; the model's are \(known.map(\.name))")
        }
        var graph = graph
        do {
            try SimplifyLayout().run(&graph)
        } catch {
            throw refused("\(error)")
        }
        self.graph = description.isStateful ? graph.stateful : graph
        frontEnd = FloatFrontEnd(definition)
        detection = description.detection
    }

    private var definition: FrontEndDefinition { frontEnd.definition }
    var windowSamples: Int { definition.windowSamples }

    private var lockout: Int { detection.lockoutMilliseconds * definition.sampleRate / 1000 }

    /// Plays a part of the audio.
    ///
    /// - Throws: `EvaluationError` if a piece cannot be read, or the network cannot be run along it.
    package func run(
        _ source: some AudioSource, part: StreamPart = .whole, progress: Parallel.Progress? = nil
    ) throws(EvaluationError) -> StreamEvaluation.Result {
        let chosen = part.indices(of: source.count)
        let parts = try Parallel.map(chosen.count, progress: progress) {
            index throws(EvaluationError) -> (StreamEvaluation.Piece, StreamTally, Double) in
            let audio = try source.audio(chosen[index])
            let start = StreamEvaluation.threadSeconds
            let (piece, tally) = try play(audio)
            return (piece, tally, StreamEvaluation.threadSeconds - start)
        }
        return StreamEvaluation.Result(
            tally: parts.reduce(StreamTally(keywords: keywords.map(\.name))) { $0 + $1.1 },
            pieces: parts.map(\.0), seconds: parts.reduce(0) { $0 + $1.2 })
    }

    private func play(
        _ audio: LabelledAudio
    ) throws(EvaluationError) -> (StreamEvaluation.Piece, StreamTally) {
        var tally = StreamTally(keywords: keywords.map(\.name))
        let traces = try traces(of: audio)
        let tolerance = StreamEvaluation.toleranceSamples
        var heard: [HeardKeyword] = []
        for (index, keyword) in keywords.enumerated() {
            tally.curves[index].add(traces[index], tolerance: tolerance, lockout: lockout)
            heard += traces[index].fired(threshold: keyword.threshold, lockout: lockout).map {
                HeardKeyword(
                    keyword: keyword.name, score: Double($0.score) / 65536,
                    startSample: max(0, $0.end - definition.windowSamples), endSample: $0.end)
            }
        }
        heard.sort { $0.endSample < $1.endSample }
        tally.score.add(
            audio, heard: heard, keywords: keywords.map(\.name), tolerance: tolerance)
        return (StreamEvaluation.Piece(audio, heard: heard), tally)
    }

    /// Each keyword's smoothed posterior at every decision, the first where the window is full.
    package func traces(of audio: LabelledAudio) throws(EvaluationError) -> [ScoreTrace] {
        let decisions = try decisions(in: audio)
        return keywords.map { keyword in
            let words = audio.words.filter { $0.label == keyword.name }.map(\.spoken)
            let values = decisions.map { $0.posteriors[keyword.index] }
            let scores = values.indices.map { i in
                // The library's mean: posteriors before the first count as 0.
                let sum = values[max(0, i + 1 - detection.smoothing)...i].reduce(0, +)
                return UInt16(min(65535, sum / Double(detection.smoothing) * 65536))
            }
            let ends = decisions.map {
                $0.lastFrame * definition.hopSamples + definition.frameSamples
            }
            return ScoreTrace(
                ends: ends, scores: scores, words: words, samples: audio.samples.count)
        }
    }

    /// The softmax at each decision.
    private func decisions(in audio: LabelledAudio) throws(EvaluationError) -> [Decision] {
        let features = frontEnd.rows(of: audio.samples)
        let frames = features.count / definition.featureCount
        do {
            guard frames >= definition.frameCount else { return [] }
            guard let unrolled = try? UnrolledGraph(graph, frames: frames) else {
                return try windows(of: features, frames: frames)
            }
            let network = try TrainableNetwork(unrolled.graph, .init(batch: 1, threads: 1))
            _ = network.inputs.update(fromContentsOf: features)
            network.forward(samples: 1, statistics: .frozen)
            let posteriors = network.posteriors(rows: unrolled.rows)
            let classes = posteriors.count / unrolled.rows
            return (0..<unrolled.rows).compactMap { row in
                let last = unrolled.lastFrame(of: row)
                let since = last - (definition.frameCount - 1)
                guard since >= 0 && since % detection.inferenceHops == 0 else { return nil }
                return Decision(
                    lastFrame: last,
                    posteriors: Array(posteriors[row * classes..<(row + 1) * classes]))
            }
        } catch {
            throw EvaluationError(.badData, audio.title, "\(error)")
        }
    }

    /// Decisions of a network that cannot be run along time, each from its whole window.
    private func windows(
        of features: [Float], frames: Int
    ) throws(GraphError) -> [Decision] {
        let lasts = stride(
            from: definition.frameCount - 1, to: frames, by: detection.inferenceHops)
        let network = try TrainableNetwork(graph, .init(batch: 1, threads: 1))
        let each = definition.featureCount
        return lasts.map { last in
            let rows = (last + 1 - definition.frameCount) * each..<(last + 1) * each
            _ = network.inputs.update(fromContentsOf: features[rows])
            network.forward(samples: 1, statistics: .frozen)
            return Decision(lastFrame: last, posteriors: network.posteriors(rows: 1))
        }
    }

    private struct Decision {
        let lastFrame: Int
        /// One a class.
        let posteriors: [Double]
    }
}
