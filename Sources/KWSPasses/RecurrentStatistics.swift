// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What the matrices of a recurrent layer sum over; nil for sums of too many numbers.
package struct RecurrentStatistics<Statistics: WindowStatistics>: Sendable {
    /// A row of the input, then the outputs of the step before.
    package var gates: Statistics?
    /// What a candidate sums over that does not see the outputs as they are: a row of the input, then
    /// what the reset gate leaves of them.
    package var candidate: Statistics?
    /// What a projection reads.
    package var projection: Statistics?

    /// Steps that are enough, of all inputs: with more the result hardly changes.
    private static var enoughSteps: Int { 16384 }

    /// Of every recurrent layer of a graph on its inputs, by the index of the layer's output.
    package static func of(_ graph: FloatGraph, inputs: [[Float]]) -> [Int: RecurrentStatistics] {
        let layers = graph.nodes.compactMap { node in
            RecurrentProbe(node, in: graph).map { (node, $0) }
        }
        guard !layers.isEmpty else { return [:] }
        var evaluator = FloatEvaluator(graph)
        var result: [Int: RecurrentStatistics] = [:]
        for input in inputs {
            evaluator.run(input)
            for (node, probe) in layers {
                let height = graph.shape(of: node.inputs[0]).image.height
                var statistics = result[node.output.index] ?? RecurrentStatistics()
                let x = Array(evaluator[node.inputs[0]])
                let columns = x.count / height
                let every = max(1, height * inputs.count / enoughSteps)
                var rows = node.operation.recurrence?.rows(of: height).makeIterator()
                probe.eachState(x) { before, other in
                    guard let row = rows?.next(), row % every == 0 else { return }
                    let line = Array(x[row * columns..<(row + 1) * columns])
                    statistics.gates.add(line + before)
                    switch node.operation {
                    case .gru(let gru) where !gru.resetsAfter:
                        statistics.candidate.add(line + other)
                    case .lstm(let lstm) where lstm.projection != nil:
                        statistics.projection.add(other)
                    default: break
                    }
                }
                result[node.output.index] = statistics
            }
        }
        return result
    }
}

package typealias RecurrentMoments = RecurrentStatistics<InputMoments>

extension RecurrentMoments {
    /// Of the same layer behind `FloatGraph.withFinePlane`.
    ///
    /// - Parameters:
    ///   - step: of the coarse values.
    ///   - inputs: numbers of a row of the input as it was.
    package func withFinePlane(step: Double, inputs: Int) -> RecurrentMoments {
        var result = self
        result.gates = gates?.withFinePlane(step: step, first: inputs)
        result.candidate = candidate?.withFinePlane(step: step, first: inputs)
        return result
    }
}

extension Optional where Wrapped: WindowStatistics {
    /// Takes in one sample; the first one says how many numbers there are.
    fileprivate mutating func add(_ sample: [Float]) {
        if self == nil { self = Wrapped(taps: sample.count) }
        self?.add(sample, set: 0)
    }
}
