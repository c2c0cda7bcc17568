// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Sends clips through the Swift reference, the C library here, and both on emulated boards.
package struct ParityRun: Sendable {
    /// Clips that one emulated run takes.
    static let clipsPerRun = 25

    private let name: String
    private let host: HostParity
    private let devices: [DeviceParity]

    /// - Parameters:
    ///   - names: of the layers, for reports.
    ///   - chunk: samples a push; more than a hop becomes a hop.
    ///   - libraryBlock: what the C library gets; nil, the reference's block, outside of tests.
    ///   - deviceBlock: the same model for a board's kernels; nil for a board that takes the
    ///     library's.
    package init(
        block: [UInt8], name: String, names: [String] = [], boards: [ParityBoard],
        chunk: Int = 160, libraryBlock: [UInt8]? = nil,
        deviceBlock: (ParityBoard) -> [UInt8]? = { _ in nil }
    ) throws(EvaluationError) {
        self.name = name
        let host = try HostParity(
            reference: block, library: libraryBlock ?? block, name: name, names: names,
            chunk: chunk)
        self.host = host
        devices = boards.map {
            DeviceParity(
                board: $0, stages: host.stages, chunk: host.chunk,
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
        let starts = Array(stride(from: 0, to: clips.count, by: Self.clipsPerRun))
        let parts = try Parallel.map(starts.count) {
            index throws(EvaluationError) -> ([ParityTrace], [ParityMismatch]) in
            var part: [(name: String, samples: [Int16])] = []
            for name in clips[starts[index]...].prefix(Self.clipsPerRun) {
                let tail = [Int16](repeating: 0, count: host.tailSamples)
                part.append((name, try read(name) + tail))
            }
            let result = try compare(part)
            for _ in part { advance() }
            return result
        }
        let traces = parts.flatMap(\.0)
        return ParityReport(
            model: name, clips: clips.count,
            targets: [HostParity.target] + devices.flatMap(\.targets),
            inferences: traces.reduce(0) { $0 + $1.inferences },
            events: traces.reduce(0) { $0 + $1.events.count },
            stages: host.stages.count,
            bytes: host.stages.reduce(0) { $0 + $1.bytes } * clips.count,
            mismatches: parts.flatMap(\.1))
    }

    private func compare(
        _ clips: [(name: String, samples: [Int16])]
    ) throws(EvaluationError) -> ([ParityTrace], [ParityMismatch]) {
        var traces: [ParityTrace] = []
        var mismatches: [ParityMismatch] = []
        for clip in clips {
            let (trace, mismatch) = try host.run(clip.samples, name: clip.name)
            traces.append(trace)
            if let mismatch { mismatches.append(mismatch) }
        }
        for device in devices {
            mismatches += try device.run(clips, expected: traces)
        }
        return (traces, mismatches)
    }
}
