// SPDX-License-Identifier: Apache-2.0

internal import CKWS
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSReference
internal import KeywordSpotter

/// The ways from a clip to the scores of its first window.
package struct ScorePaths: Sendable {
    package let model: EvaluatedModel
    package let classes: [String]
    package let windowSamples: Int
    private let library: LoadedBlock
    private let reference: ReferenceBlock
    private let frontEnd: FloatFrontEnd
    private let evaluator: FloatEvaluator

    /// - Throws: if library or reference refuse the block, or it has no front end.
    package init(_ model: EvaluatedModel) throws(EvaluationError) {
        if model.graph.isStateful {
            throw EvaluationError(
                .badData, model.name,
                "a network that keeps its states hears streams, not clips; allowed: --stream")
        }
        self.model = model
        library = try LoadedBlock(model.block, name: model.name)
        reference = try ReferenceBlock(model.block, name: model.name)
        (classes, windowSamples) = try library.withSpotter { spotter throws(EvaluationError) in
            _ = try Listener(spotter)
            return (spotter.classes, spotter.windowSamples)
        }
        frontEnd = FloatFrontEnd(model.frontEnd)
        evaluator = FloatEvaluator(model.graph)
    }

    /// Float front end, float network.
    package func float(_ clip: [Int16]) -> [Float] {
        var evaluator = evaluator
        return evaluator(frontEnd.features(of: clip))
    }

    /// The integer front end's features, dequantised, through the float network.
    package func float(features: [UInt8]) -> [Float] {
        var evaluator = evaluator
        return evaluator(model.input.real(features))
    }

    /// The C library, through its ABI: PCM pushed in chunks and polled until the first inference.
    package func library(
        _ clip: [Int16], chunk: Int = 160
    ) throws(EvaluationError) -> (features: [UInt8], scores: [UInt16]) {
        let samples = window(of: clip)
        return try library.withSpotter { spotter throws(EvaluationError) in
            let recorder = RowRecorder(library)
            recorder.attach(to: &spotter)
            var listener = try Listener(spotter)
            for start in stride(from: 0, to: samples.count, by: chunk) {
                try listener.hear(
                    samples[start..<min(start + chunk, samples.count)], with: &spotter
                ) { _ in }
            }
            spotter.observe(nil, context: nil)
            guard recorder.inferences == 1 else {
                throw EvaluationError(
                    .failure, "the library",
                    "\(recorder.inferences) inferences on one window, expected 1")
            }
            return (
                recorder.outputs[Int(KWS_OBSERVE_FEATURES)] ?? [], Self.posteriors(recorder.scores)
            )
        }
    }

    /// In units of 1/65536, of a softmax's bytes: the upper ones, then the lower ones.
    private static func posteriors(_ bytes: [UInt8]) -> [UInt16] {
        zip(bytes, bytes.dropFirst(bytes.count / 2)).map { UInt16($0) << 8 | UInt16($1) }
    }

    /// The Swift reference, PCM to scores.
    package func reference(_ clip: [Int16]) throws(EvaluationError) -> [UInt16] {
        let samples = window(of: clip)
        return try reference.withSpotter { spotter throws(EvaluationError) in
            var rest = samples[...]
            while !rest.isEmpty {
                let taken = rest.prefix(spotter.hopSamples)
                    .withUnsafeBufferPointer { spotter.push($0) }
                rest = rest.dropFirst(taken)
                do throws(ReferenceError) {
                    while try spotter.poll() != .idle {}
                } catch {
                    throw EvaluationError(.failure, "the reference", "\(error)")
                }
            }
            guard spotter.decisions == 1 else {
                throw EvaluationError(
                    .failure, "the reference",
                    "\(spotter.decisions) inferences on one window, expected 1")
            }
            return Self.posteriors(Array(spotter.layerOutput(spotter.layerCount - 1)))
        }
    }

    /// The first window of a clip, filled up with zeros at its end.
    private func window(of clip: [Int16]) -> [Int16] {
        let head = clip.prefix(windowSamples)
        return head + Array(repeating: 0, count: windowSamples - head.count)
    }
}

extension Collection where Element: Comparable {
    /// The index of the largest element counted from 0, the lowest of several; 0 if there is none.
    package var argmax: Int {
        var best = 0
        var largest: Element?
        for (index, element) in enumerated() where largest.map({ element > $0 }) ?? true {
            (best, largest) = (index, element)
        }
        return best
    }
}
