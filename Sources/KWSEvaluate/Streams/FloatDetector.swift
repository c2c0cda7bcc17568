// SPDX-License-Identifier: Apache-2.0

internal import CKWS
internal import KWSFrontEnd
internal import KWSGraph
internal import KeywordSpotter

/// The float front end and network in the place of the library's, at the same decisions, behind the
/// same gates and with the same smoothing: what rounding costs on a stream.
struct FloatDetector: Sendable {
    private let frontEnd: FloatFrontEnd
    private let evaluator: FloatEvaluator
    private let detector: kws_detector
    private let windowHops: Int
    /// Of each keyword.
    private let classes: [Int]
    /// What a step of the network's input is worth.
    private let scale: Double

    /// - Throws: if a keyword is a phrase, which the float network does not have.
    init(
        _ model: EvaluatedModel, _ block: LoadedBlock, keywords: [String]
    ) throws(EvaluationError) {
        let labels = try block.withSpotter { $0.classes }
        var classes: [Int] = []
        for keyword in keywords {
            guard let index = labels.firstIndex(of: keyword) else {
                throw EvaluationError(
                    .badData, model.name, "'\(keyword)' is no class of the float network")
            }
            classes.append(index)
        }
        guard let detector = block.detector, let record = block.frontEnd else {
            throw EvaluationError(.badData, model.name, "the model has no front end")
        }
        frontEnd = FloatFrontEnd(model.frontEnd)
        evaluator = FloatEvaluator(model.graph)
        self.detector = detector
        windowHops = Int(record.window_hops)
        self.classes = classes
        scale = Double(model.input.quantisation.scale)
    }

    /// The scores of each keyword in a recording.
    ///
    /// - Parameter words: where each is spoken.
    func traces(in samples: [Int16], words: [[Range<Int>]]) -> [ScoreTrace] {
        var traces = words.map {
            ScoreTrace(ends: [], scores: [], words: $0, samples: samples.count)
        }
        let hop = frontEnd.definition.hopSamples
        let smoothing = Int(detector.smoothing)
        let loud = loudHops(samples)
        let frames = frontEnd.definition.frameCount
        let rows =
            frontEnd.definition.normalisation == .windowPeak ? [] : frontEnd.rows(of: samples)
        var evaluator = evaluator
        let along = alongStream(rows)
        var posteriors = classes.map { _ in [Double](repeating: 0, count: smoothing) }
        let steps = stride(
            from: windowHops - 1, to: samples.count / hop, by: Int(detector.inference_hops))
        for (decision, step) in steps.enumerated() {
            let first = step - windowHops + 1
            let features = features(samples, rows, first)
            let scores = along.map { $0(lastFrame: first + frames - 1) } ?? evaluator(features)
            let isOpen = loud[first...step].contains(true) && hasContrast(features)
            for (keyword, index) in classes.enumerated() {
                posteriors[keyword][decision % smoothing] = isOpen ? Double(scores[index]) : 0
                let mean = posteriors[keyword].reduce(0, +) / Double(smoothing)
                traces[keyword].ends.append(hop * (step + 1))
                traces[keyword].scores.append(UInt16(max(0, min(65535, 65536 * mean))))
            }
        }
        return traces
    }

    /// The scores at a frame of a network that keeps its states; nil for one that does not.
    private func alongStream(_ rows: [Float]) -> StreamScores? {
        guard evaluator.graph.isStateful else { return nil }
        return StreamScores(
            evaluator.graph, rows: rows, frames: rows.count / frontEnd.definition.featureCount)
    }

    /// The window that begins with a frame.
    private func features(_ samples: [Int16], _ rows: [Float], _ first: Int) -> [Float] {
        let d = frontEnd.definition
        guard rows.isEmpty else {
            let start = first * d.featureCount
            return Array(rows[start..<start + d.frameCount * d.featureCount])
        }
        return frontEnd.features(
            of: Array(samples[(first * d.hopSamples)...].prefix(d.windowSamples)))
    }

    /// Which hops the gate of energy takes for loud.
    private func loudHops(_ samples: [Int16]) -> [Bool] {
        let hop = frontEnd.definition.hopSamples
        return (0..<samples.count / hop).map { step in
            samples[step * hop..<(step + 1) * hop].reduce(0) { $0 + Int($1) * Int($1) }
                >= Int(detector.energy)
        }
    }

    /// The gate of contrast.
    private func hasContrast(_ features: [Float]) -> Bool {
        let count = frontEnd.definition.featureCount
        let sums = stride(from: 0, to: features.count, by: count).map { start in
            features[start..<start + count].reduce(0.0) { $0 + Double($1) }
        }
        return ((sums.max() ?? 0) - (sums.min() ?? 0)) / scale >= Double(detector.contrast)
    }
}
