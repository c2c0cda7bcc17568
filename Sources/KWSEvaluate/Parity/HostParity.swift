// SPDX-License-Identifier: Apache-2.0

internal import CKWS
internal import KWSReference
internal import KeywordSpotter

/// Runs clips through the Swift reference and the C library on this machine, side by side, and
/// compares every inference.
struct HostParity: Sendable {
    static let target = "host-c"

    let stages: [ParityLayer]
    /// Samples a push.
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
        // No more than one inference a chunk, so that each can be compared.
        self.chunk = max(1, min(chunk, Int(frontEnd.hop_samples)))
        tailSamples =
            (Int(detector.smoothing) - 1) * Int(detector.inference_hops)
            * Int(frontEnd.hop_samples)
    }

    /// Traces a clip by the reference, and the first difference of the library from it.
    func run(
        _ clip: [Int16], name: String
    ) throws(EvaluationError) -> (trace: ParityTrace, mismatch: ParityMismatch?) {
        try reference.withSpotter { reference throws(EvaluationError) in
            try library.withSpotter { library throws(EvaluationError) in
                let recorder = RowRecorder(self.library)
                recorder.attach(to: &library)
                defer { library.observe(nil, context: nil) }
                var expected = ParityTrace()
                var found = ParityTrace()
                var mismatch: ParityMismatch?
                for start in stride(from: 0, to: clip.count, by: chunk) {
                    let part = clip[start..<min(start + chunk, clip.count)]
                    let before = expected.inferences
                    try expected.hear(part, by: &reference)
                    guard mismatch == nil else { continue }
                    try found.hear(part, by: &library, recorder)
                    if expected.inferences == before && found.inferences == before { continue }
                    mismatch = ParityComparison(stages: stages).difference(
                        expected: expected, found: found, clip: name, target: Self.target)
                }
                return (
                    expected,
                    mismatch
                        ?? ParityComparison(stages: stages).difference(
                            expected: expected, found: found, clip: name, target: Self.target)
                )
            }
        }
    }
}

extension ParityTrace {
    /// Pushes to the reference, polls until idle and keeps what the last inference computed.
    fileprivate mutating func hear(
        _ samples: ArraySlice<Int16>, by spotter: inout ReferenceSpotter
    ) throws(EvaluationError) {
        accepted += samples.withUnsafeBufferPointer { spotter.push($0) }
        do throws(ReferenceError) {
            poll: while true {
                switch try spotter.poll() {
                case .idle: break poll
                case .again: break
                case .event(let event):
                    events.append(
                        Event(
                            startSample: event.startSample, endSample: event.endSample,
                            keyword: event.keyword, score: event.score))
                }
            }
        } catch {
            throw EvaluationError(.failure, "the reference", "\(error)")
        }
        guard spotter.decisions > inferences else { return }
        inferences = Int(spotter.decisions)
        tensors =
            [Array(spotter.features)]
            + (0..<spotter.layerCount).map { Array(spotter.layerOutput($0)) }
    }

    /// Pushes to the library, polls until idle and keeps what the last inference computed.
    fileprivate mutating func hear(
        _ samples: ArraySlice<Int16>, by spotter: inout KeywordSpotter, _ recorder: RowRecorder
    ) throws(EvaluationError) {
        accepted += samples.withUnsafeBufferPointer { spotter.push($0) }
        do throws(SpotterError) {
            poll: while true {
                switch try spotter.poll() {
                case .idle: break poll
                case .again: break
                case .event(let event):
                    events.append(
                        Event(
                            startSample: event.startSample, endSample: event.endSample,
                            keyword: event.keyword, score: event.score))
                }
            }
        } catch {
            throw EvaluationError(.failure, "the library", "\(error)")
        }
        guard recorder.inferences > inferences else { return }
        inferences = recorder.inferences
        tensors = recorder.tensors
    }
}
