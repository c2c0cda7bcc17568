// SPDX-License-Identifier: Apache-2.0
//
// Goal: where layers keep rows, each decision is that of its window, alone or with the rows before it.
// Method: random networks without padding along time, or that pad above and go on; the library is fed
// row by row with features of many windows, and the reference computes each window as a whole.

import KWSEmit
import KWSEvaluate
import KWSGraph
import KWSPasses
import KWSTestModels
import KeywordSpotter
import Testing

struct RandomStreamTests {
    @Test(arguments: 0..<300 as Range<UInt64>, [false, true])
    func everyDecisionIsItsWindows(seed: UInt64, isStateful: Bool) throws {
        var random = RandomGraphs(seed: seed)
        var float = try random.causal(isStateful: isStateful)
        try run(standardPasses, on: &float)
        if isStateful { float = float.stateful }
        var graph: QuantGraph
        do {
            graph = try Quantise(
                calibration: Calibration(ranges: float.values.map { _ in (-2, 2) }),
                input: InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false),
                widths: Widths(
                    weights: [8, 4, 3, 2][Int(seed / 2 % 4)],
                    activations: [8, 8, 4, 2][Int(seed / 8 % 4)]))(float)
        } catch {
            // Counts of few bits may be larger than the steps of a clip's range; that is refused.
            #expect("\(error)".contains("requantisation by"), "seed \(seed)")
            return
        }
        let least = StreamRows(graph, hopRows: nil).streaming?.hopRows ?? 1
        let hop = least * random.integer(1...3)
        let rowsFound = StreamRows(graph, hopRows: hop)
        guard let streaming = rowsFound.streaming, streaming.layers >= rowsFound.needed else {
            return
        }
        let comment = "seed \(seed), \(streaming)"
        graph.streaming = streaming
        let block = ModelBlock(
            CompiledModel(
                graph: graph, plan: PlanMemory()(graph),
                labels: (0..<graph.classCount).map { "\($0)" }, frontEnd: nil,
                detection: nil, sourceHash: 0))
        let (rows, row) = (graph.input.height, graph.input.width * graph.input.channels)
        let features = (0..<(rows + 5 * hop) * row).map { _ in Int8(random.integer(-128...127)) }
        try expectSameBytes(
            block, graph, features.prefix(rows * row).map { UInt8(bitPattern: $0) ^ 128 }, comment)

        let found = try LoadedBlock(block.bytes, name: comment).withSpotter {
            spotter throws(EvaluationError) in
            Result { try decisions(of: &spotter, features, row) }
        }.get()
        let windows = (0...5).map { decision in
            features[decision * hop * row..<(decision * hop + rows) * row].map {
                UInt8(bitPattern: $0) ^ 128
            }
        }
        let reference = try ReferenceBlock(block.bytes, name: comment)
        let expected = try reference.withSpotter { spotter throws(EvaluationError) in
            Result { try windows.map { try spotter.scores(of: $0, goesOn: isStateful) } }
        }.get()
        #expect(found.map(\.row) == (0...5).map { rows + $0 * hop }, "\(comment)")
        #expect(found.map(\.scores) == expected, "\(comment)")
    }

    /// After how many rows the library decides, and how.
    private func decisions(
        of spotter: inout KeywordSpotter, _ features: [Int8], _ row: Int
    ) throws -> [(row: Int, scores: [UInt8])] {
        var found: [(row: Int, scores: [UInt8])] = []
        for end in 1...features.count / row {
            var scores = [Int8](repeating: 0, count: spotter.classCount)
            let isDue = try features[(end - 1) * row..<end * row].withUnsafeBufferPointer { row in
                try scores.withUnsafeMutableBufferPointer {
                    try spotter.infer(row: row, scores: $0)
                }
            }
            if isDue { found.append((end, scores.map { UInt8(bitPattern: $0) ^ 128 })) }
        }
        return found
    }
}
