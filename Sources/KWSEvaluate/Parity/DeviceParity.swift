// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// Compares what the Parity firmware of a board computed with the host's reference.
struct DeviceParity: Sendable {
    let board: ParityBoard
    let stages: [ParityLayer]
    private let chunk: Int
    let isStream: Bool
    private let implementations: [ParityResult.Implementation]
    /// The block that the board gets.
    private let block: [UInt8]

    /// - Parameter isStream: clips are pieces of one stream; then only the library is run, since the
    ///   reference takes the emulator ten times as long.
    init(board: ParityBoard, stages: [ParityLayer], chunk: Int, isStream: Bool, block: [UInt8]) {
        self.board = board
        self.stages = stages
        self.chunk = board.board.hasPool ? chunk : min(chunk, Self.chunkMax)
        self.isStream = isStream
        self.block = block
        implementations = isStream ? [.library] : board.implementations
    }

    /// What a board without a pool takes.
    private static let chunkMax = 320
    private static let streamSecondsMax = 7200.0

    var targets: [String] { implementations.map(target) }

    /// Runs clips on the board and returns the first difference of each clip and target.
    func run(
        _ clips: [ParityClip], expected: [ParityTrace]
    ) throws(EvaluationError) -> [ParityMismatch] {
        var emulator = Emulator(board: board)
        if isStream { emulator.secondsMax = Self.streamSecondsMax }
        let result = try emulator.run(
            ParityRequest(
                dumps: false, isStream: isStream, implementations: implementations, chunk: chunk,
                block: block,
                clips: clips.map(\.samples)),
            stages: stages.count)
        var mismatches: [ParityMismatch] = []
        for record in result.records {
            let trace = expected[record.clip]
            let clip = clips[record.clip].name
            let target = target(record.implementation)
            guard var found = difference(record, from: trace, clip: clip, target: target) else {
                continue
            }
            if mismatches.isEmpty, record.status == 0, found.element == nil, board.board.hasPool,
                !isStream
            {
                found =
                    try located(clips[record.clip], record.implementation, expected: trace)
                    ?? found
            }
            mismatches.append(found)
        }
        return mismatches
    }

    private func target(_ implementation: ParityResult.Implementation) -> String {
        switch implementation {
        case .library: board.core + "-c"
        case .reference: board.core + "-swift"
        }
    }

    /// Runs one clip again, with all values, and names the first that differs.
    private func located(
        _ clip: ParityClip,
        _ implementation: ParityResult.Implementation, expected: ParityTrace
    ) throws(EvaluationError) -> ParityMismatch? {
        let result = try Emulator(board: board).run(
            ParityRequest(
                dumps: true, implementations: implementations, chunk: chunk, block: block,
                clips: [clip.samples]),
            stages: stages.count)
        guard let record = result.records.first(where: { $0.implementation == implementation })
        else { return nil }
        let comparison = ParityComparison(stages: stages)
        for (index, stage) in stages.enumerated()
        where !stage.isCompletedLater && !stage.isStreamed {
            let difference = comparison.difference(
                in: stage, expected: expected.tensors[index], found: record.tensors[index],
                clip: clip.name, target: target(implementation))
            if let difference { return difference }
        }
        return nil
    }

    private func difference(
        _ record: ParityResult.Record, from trace: ParityTrace, clip: String, target: String
    ) -> ParityMismatch? {
        func counts(_ stage: String, _ a: Int, _ b: Int) -> ParityMismatch? {
            a == b
                ? nil
                : ParityMismatch(
                    clip: clip, target: target, stage: stage, expected: "\(a)", found: "\(b)")
        }
        if let found = counts("status", 0, Int(record.status))
            ?? counts("samples accepted", trace.accepted, record.accepted)
            ?? counts("inferences", trace.inferences, record.inferences)
        {
            return found
        }
        for (index, stage) in stages.enumerated()
        where !stage.isCompletedLater && !stage.isStreamed && !trace.tensors.isEmpty {
            let (value, elements) = record.checksums[index]
            let expected = checksum(trace.tensors[index])
            if let found = counts("\(stage.name), bytes seen", stage.bytes, elements) {
                return found
            }
            if expected != value {
                return ParityMismatch(
                    clip: clip, target: target, stage: stage.name,
                    expected: "checksum \(expected)", found: "\(value)")
            }
        }
        let comparison = ParityComparison(stages: stages)
        if let last = stages.last, let scores = trace.tensors.last, record.scores != scores {
            return comparison.difference(
                in: last, expected: scores, found: record.scores, clip: clip, target: target)
        }
        return counts(
            "scores of all inferences", Int(trace.allScores.value), Int(record.allScores))
            ?? comparison.eventDifference(
                trace.events, record.events, clip: clip, target: target)
    }

    private func checksum(_ values: [UInt8]) -> UInt32 {
        var sum = PositionChecksum()
        values.withUnsafeBufferPointer { sum.add(firstPosition: 0, values: $0) }
        return sum.value
    }
}
