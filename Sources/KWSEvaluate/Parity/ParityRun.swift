// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Sends clips through the Swift reference, the C library here, and both on emulated boards.
package struct ParityRun: Sendable {
    /// Clips that one emulated run takes.
    static let clipsPerRun = 25
    /// A stream goes to a board in pieces of ten seconds at most.
    static let pieceSamples = 160_000

    private let isStream: Bool
    private let name: String
    private let host: HostParity
    private let devices: [DeviceParity]

    /// - Parameters:
    ///   - names: of the layers, for reports.
    ///   - chunk: samples a push; 0 draws sizes from 1 sample to 1 s.
    ///   - isStream: clips are played one behind the other, to the library only on boards.
    ///   - libraryBlock: what the C library gets; nil, the reference's block, outside of tests.
    ///   - deviceBlock: the same model for a board's kernels; nil for a board that takes the
    ///     library's.
    package init(
        block: [UInt8], name: String, names: [String] = [], boards: [ParityBoard],
        chunk: Int = 160, isStream: Bool = false, libraryBlock: [UInt8]? = nil,
        deviceBlock: (ParityBoard) -> [UInt8]? = { _ in nil }
    ) throws(EvaluationError) {
        self.name = name
        self.isStream = isStream
        let host = try HostParity(
            reference: block, library: libraryBlock ?? block, name: name, names: names,
            chunk: chunk)
        self.host = host
        devices = boards.map {
            DeviceParity(
                board: $0, stages: host.stages, chunk: chunk, isStream: isStream,
                block: deviceBlock($0) ?? libraryBlock ?? block)
        }
    }

    /// Runs on all cores; the report does not depend on their number.
    ///
    /// - Parameters:
    ///   - clips: names for reports, usually files.
    ///   - read: the samples of a clip.
    ///   - advance: called once a clip, from any thread.
    package func run(
        _ clips: [String], read: @Sendable (String) throws(EvaluationError) -> [Int16],
        advance: @Sendable () -> Void = {}
    ) throws(EvaluationError) -> ParityReport {
        guard !clips.isEmpty else {
            throw EvaluationError(.badData, name, "no clip to compare on")
        }
        if isStream {
            return report(
                clips.count, try compare(pieces(of: clips, read: read, advance: advance)))
        }
        let starts = Array(stride(from: 0, to: clips.count, by: Self.clipsPerRun))
        let parts = try Parallel.map(starts.count) {
            index throws(EvaluationError) -> ([ParityTrace], [ParityMismatch]) in
            var part: [ParityClip] = []
            for name in clips[starts[index]...].prefix(Self.clipsPerRun) {
                let tail = [Int16](repeating: 0, count: host.tailSamples)
                part.append(ParityClip(name: name, samples: try read(name) + tail))
            }
            let result = try compare(part)
            for _ in part { advance() }
            return result
        }
        return report(clips.count, (parts.flatMap(\.0), parts.flatMap(\.1)))
    }

    /// The clips one behind the other, long ones cut.
    private func pieces(
        of clips: [String], read: (String) throws(EvaluationError) -> [Int16], advance: () -> Void
    ) throws(EvaluationError) -> [ParityClip] {
        var pieces: [ParityClip] = []
        for name in clips {
            let samples = try read(name)
            for start in stride(from: 0, to: samples.count, by: Self.pieceSamples) {
                let end = min(samples.count, start + Self.pieceSamples)
                pieces.append(ParityClip(name: name, samples: Array(samples[start..<end])))
            }
            advance()
        }
        return pieces
    }

    private func report(
        _ clips: Int, _ result: (traces: [ParityTrace], mismatches: [ParityMismatch])
    ) -> ParityReport {
        let traces = result.traces
        return ParityReport(
            model: name, clips: clips, samples: traces.reduce(0) { $0 + $1.accepted },
            targets: [HostParity.target] + devices.flatMap(\.targets),
            inferences: traces.reduce(0) { $0 + $1.inferences },
            events: traces.reduce(0) { $0 + $1.events.count },
            stages: host.stages.count,
            bytes: host.stages.reduce(0) { $0 + $1.bytes } * traces.count,
            mismatches: result.mismatches)
    }

    private func compare(
        _ clips: [ParityClip]
    ) throws(EvaluationError) -> ([ParityTrace], [ParityMismatch]) {
        let (traces, found) = try host.run(clips, isStream: isStream)
        var mismatches = found
        for device in devices {
            mismatches += try device.run(clips, expected: traces)
        }
        return (traces, mismatches)
    }
}
