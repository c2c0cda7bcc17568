// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSGraph

/// What a float network that keeps its states makes of a stream.
struct StreamScores {
    private let unrolled: UnrolledGraph
    /// `[rows][classes]`, before the softmax.
    private let logits: [Float]

    /// - Parameter rows: features `[frames][..]`.
    /// - Returns: nil for fewer frames than a window has.
    init?(_ graph: FloatGraph, rows: [Float], frames: Int) {
        guard let unrolled = try? UnrolledGraph(graph, frames: frames) else { return nil }
        self.unrolled = unrolled
        var evaluator = FloatEvaluator(unrolled.graph)
        logits = evaluator(rows)
    }

    /// The posteriors of the decision whose window ends with a frame.
    func callAsFunction(lastFrame: Int) -> [Float] {
        let classes = logits.count / unrolled.rows
        let row = (lastFrame - unrolled.lastFrame(of: 0)) / unrolled.stride
        let own = logits[row * classes..<(row + 1) * classes]
        let largest = own.max() ?? 0
        let e = own.map { exp($0 - largest) }
        let sum = e.reduce(0, +)
        return e.map { $0 / sum }
    }
}
