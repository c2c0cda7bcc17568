// SPDX-License-Identifier: Apache-2.0

/// The result file of the Parity firmware, in the format of Firmware/README.md.
struct ParityResult: Sendable {
    static let magic: UInt32 = 0x5253_574B

    enum Implementation: UInt32, Sendable {
        case library = 1
        case reference = 2
    }

    /// What an implementation computed on one clip.
    struct Record: Sendable {
        var clip: Int
        var implementation: Implementation
        var status: Int32
        var accepted: Int
        var inferences: Int
        /// Checksum of the scores of all inferences.
        var allScores: UInt32
        /// Of the network's input, then of each layer's output.
        var checksums: [(value: UInt32, elements: Int)]
        var scores: [UInt8]
        var events: [ParityTrace.Event]
        /// Tensors as in `checksums`; empty unless the request asked for a dump.
        var tensors: [[UInt8]]
    }

    var records: [Record]

    /// - Parameter name: the file, for error messages.
    /// - Throws: if the file is not the answer to the request.
    init(
        _ bytes: [UInt8], to request: ParityRequest, stages: Int, name: String
    ) throws(EvaluationError) {
        var reader = Reader(bytes: bytes, name: name)
        try reader.expect(Self.magic, "magic")
        try reader.expect(ParityRequest.version, "version")
        try reader.expect(request.mode, "mode")
        try reader.expect(request.mask, "implementations")
        try reader.expect(0, "input")
        let layers = try reader.word("layer count")
        let classes = try reader.word("bytes of scores")
        try reader.expect(UInt32(request.clips.count), "clip count")
        guard layers == 0 || Int(layers) + 1 == stages else {
            throw reader.fail("layer count: found \(layers), expected \(stages - 1)")
        }
        records = []
        for clip in request.clips.indices {
            for implementation in request.implementations {
                let record = try reader.record(
                    layers: Int(layers), classes: Int(classes), dumps: request.dumps)
                guard record.clip == clip, record.implementation == implementation else {
                    throw reader.fail(
                        "a record of clip \(record.clip) by \(record.implementation), expected "
                            + "\(clip) by \(implementation)")
                }
                records.append(record)
            }
        }
    }
}

/// Reads little-endian words and filled-up runs.
private struct Reader {
    let bytes: [UInt8]
    let name: String
    var at = 0

    func fail(_ fact: String) -> EvaluationError {
        EvaluationError(.failure, "\(name), byte \(at)", fact)
    }

    mutating func word(_ field: String) throws(EvaluationError) -> UInt32 {
        guard at + 4 <= bytes.count else { throw fail("ends before \(field)") }
        defer { at += 4 }
        return bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func expect(_ value: UInt32, _ field: String) throws(EvaluationError) {
        let found = try word(field)
        guard found == value else { throw fail("\(field): found \(found), expected \(value)") }
    }

    mutating func run(_ count: Int, _ field: String) throws(EvaluationError) -> [UInt8] {
        guard count <= bytes.count - at else { throw fail("ends inside \(field)") }
        defer { at += (count + 3) & ~3 }
        return Array(bytes[at..<at + count])
    }

    mutating func record(
        layers: Int, classes: Int, dumps: Bool
    ) throws(EvaluationError) -> ParityResult.Record {
        let clip = Int(try word("clip"))
        let number = try word("implementation")
        guard let implementation = ParityResult.Implementation(rawValue: number) else {
            throw fail("implementation: found \(number), allowed 1 or 2")
        }
        let status = Int32(bitPattern: try word("status"))
        let accepted = Int(try word("samples accepted"))
        let inferences = Int(try word("inferences"))
        let eventCount = Int(try word("event count"))
        let allScores = try word("all scores")
        var checksums: [(UInt32, Int)] = []
        for _ in 0...layers {
            let value = try word("checksum")
            checksums.append((value, Int(try word("elements"))))
        }
        let scores = try run(classes, "scores")
        var events: [ParityTrace.Event] = []
        for _ in 0..<eventCount {
            let start = try word("event")
            let end = try word("event")
            let rest = try word("event")
            events.append(
                ParityTrace.Event(
                    startSample: start, endSample: end, keyword: Int(rest & 0xFFFF),
                    score: UInt16(rest >> 16)))
        }
        var tensors: [[UInt8]] = []
        if dumps {
            for _ in 0...layers {
                let count = Int(try word("tensor"))
                tensors.append(try run(count, "tensor"))
            }
        }
        return ParityResult.Record(
            clip: clip, implementation: implementation, status: status, accepted: accepted,
            inferences: inferences, allScores: allScores, checksums: checksums, scores: scores,
            events: events,
            tensors: tensors)
    }
}
