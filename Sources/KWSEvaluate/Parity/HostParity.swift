// SPDX-License-Identifier: Apache-2.0

internal import CKWS
internal import KWSNumerics
internal import KWSReference
internal import KeywordSpotter

/// Runs clips through the Swift reference and the C library on this machine, side by side, and
/// compares every inference.
struct HostParity: Sendable {
    static let target = "host-c"

    let stages: [ParityLayer]
    /// Samples a push, 0 for sizes that are drawn. All layers are compared after each; of inferences
    /// within one only the scores.
    let chunk: Int
    /// Zeros behind each clip: enough inferences that the detector's smoothing is full, so that clips
    /// of one window raise events too.
    let tailSamples: Int
    private let reference: ReferenceBlock
    private let library: LoadedBlock

    /// - Parameter names: of the layers.
    init(
        reference: [UInt8], library: [UInt8], name: String, names: [String], chunk: Int
    ) throws(EvaluationError) {
        self.reference = try ReferenceBlock(reference, name: name)
        self.library = try LoadedBlock(library, name: name)
        stages = ParityLayer.all(of: self.library, names: names)
        guard let frontEnd = self.library.frontEnd, let detector = self.library.detector else {
            throw EvaluationError(
                .badData, name, "the model takes features, not audio: it has no front end")
        }
        self.chunk = chunk
        tailSamples =
            (Int(detector.smoothing) - 1) * Int(detector.inference_hops)
            * Int(frontEnd.hop_samples)
    }

    /// Traces clips by the reference, each from a reset instance, and the first difference of the
    /// library from each.
    ///
    /// - Parameter isStream: the clips are pieces of one stream.
    func run(
        _ clips: [ParityClip], isStream: Bool
    ) throws(EvaluationError) -> (traces: [ParityTrace], mismatches: [ParityMismatch]) {
        try reference.withSpotter { reference throws(EvaluationError) in
            try library.withSpotter { library throws(EvaluationError) in
                let recorder = RowRecorder(self.library)
                recorder.attach(to: &library)
                defer { library.observe(nil, context: nil) }
                var traces: [ParityTrace] = []
                var mismatches: [ParityMismatch] = []
                for (index, clip) in clips.enumerated() {
                    if !isStream {
                        reference.reset()
                        library.reset()
                    }
                    let (trace, mismatch) = try run(
                        clip, seed: UInt32(index), &reference, &library, recorder)
                    traces.append(trace)
                    if let mismatch { mismatches.append(mismatch) }
                }
                return (traces, mismatches)
            }
        }
    }

    private func run(
        _ clip: ParityClip, seed: UInt32, _ reference: inout ReferenceSpotter,
        _ library: inout KeywordSpotter, _ recorder: RowRecorder
    ) throws(EvaluationError) -> (ParityTrace, ParityMismatch?) {
        var expected = ParityTrace(firstInference: Int(reference.decisions))
        var found = ParityTrace(firstInference: recorder.inferences)
        var mismatch: ParityMismatch?
        var sizes = ChunkSizes(fixed: chunk, seed: seed)
        var rest = clip.samples[...]
        while !rest.isEmpty {
            let part = rest.prefix(sizes.next())
            rest = rest.dropFirst(part.count)
            let before = expected.inferences
            try expected.hear(part, by: &reference)
            guard mismatch == nil else { continue }
            try found.hear(part, by: &library, recorder)
            if expected.inferences == before && found.inferences == before { continue }
            mismatch = ParityComparison(stages: stages).difference(
                expected: expected, found: found, clip: clip.name, target: Self.target)
        }
        return (
            expected,
            mismatch
                ?? ParityComparison(stages: stages).difference(
                    expected: expected, found: found, clip: clip.name, target: Self.target)
        )
    }
}

extension ParityTrace {
    /// What one step of an implementation came to.
    private enum Step {
        case idle
        case again
        case event(Event)
    }

    /// Pushes what fits, polls until idle, and so on with the rest.
    ///
    /// - Parameter poll: one step; adds what an inference computed to the trace.
    private mutating func hear<Spotter: ~Copyable>(
        _ samples: ArraySlice<Int16>, by spotter: inout Spotter,
        push: (inout Spotter, UnsafeBufferPointer<Int16>) -> Int,
        poll: (inout Spotter, inout ParityTrace) throws(EvaluationError) -> Step
    ) throws(EvaluationError) {
        var rest = samples
        while !rest.isEmpty {
            let taken = rest.withUnsafeBufferPointer { push(&spotter, $0) }
            accepted += taken
            rest = rest.dropFirst(taken)
            polling: while true {
                switch try poll(&spotter, &self) {
                case .idle: break polling
                case .again: break
                case .event(let event): events.append(event)
                }
            }
            if taken == 0 { break }
        }
    }

    /// Lets the reference hear, and keeps what its last inference computed.
    fileprivate mutating func hear(
        _ samples: ArraySlice<Int16>, by spotter: inout ReferenceSpotter
    ) throws(EvaluationError) {
        let before = inferences
        try hear(
            samples, by: &spotter, push: { $0.push($1) },
            poll: {
                spotter, trace throws(EvaluationError) in
                let step: ReferenceStep
                do throws(ReferenceError) {
                    step = try spotter.poll()
                } catch {
                    throw EvaluationError(.failure, "the reference", "\(error)")
                }
                if Int(spotter.decisions) - trace.firstInference > trace.inferences {
                    trace.add(scores: spotter.layerOutput(spotter.layerCount - 1))
                }
                return switch step {
                case .idle: .idle
                case .again: .again
                case .event(let event):
                    .event(
                        Event(
                            startSample: event.startSample, endSample: event.endSample,
                            keyword: event.keyword, score: event.score))
                }
            })
        guard inferences > before else { return }
        tensors =
            [Array(spotter.features)]
            + (0..<spotter.layerCount).map { Array(spotter.layerOutput($0)) }
    }

    /// Lets the library hear; its rows that are kept move on with the next one, so each inference's
    /// are taken at once.
    fileprivate mutating func hear(
        _ samples: ArraySlice<Int16>, by spotter: inout KeywordSpotter, _ recorder: RowRecorder
    ) throws(EvaluationError) {
        try hear(
            samples, by: &spotter, push: { $0.push($1) },
            poll: {
                spotter, trace throws(EvaluationError) in
                let step: SpotterStep
                do throws(SpotterError) {
                    step = try spotter.poll()
                } catch {
                    throw EvaluationError(.failure, "the library", "\(error)")
                }
                if recorder.inferences - trace.firstInference > trace.inferences {
                    recorder.scores.withUnsafeBufferPointer { trace.add(scores: $0) }
                    trace.tensors = recorder.tensors
                }
                return switch step {
                case .idle: .idle
                case .again: .again
                case .event(let event):
                    .event(
                        Event(
                            startSample: event.startSample, endSample: event.endSample,
                            keyword: event.keyword, score: event.score))
                }
            })
    }

    /// One inference more.
    private mutating func add(scores: UnsafeBufferPointer<UInt8>) {
        allScores.add(
            firstPosition: UInt32(truncatingIfNeeded: inferences * scores.count), values: scores)
        inferences += 1
    }
}
