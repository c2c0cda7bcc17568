// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What the matrices of a recurrent layer sum over; nil for one with too many columns.
package struct RecurrentMoments: Sendable {
    /// Rows of the input.
    package var input: InputMoments?
    /// Outputs of the step before.
    package var own: InputMoments?
    /// What a projection reads; of a GRU with the reset before the product what the candidate reads.
    package var other: InputMoments?

    /// Steps that are enough, of all inputs: with more the result hardly changes.
    private static let enoughSteps = 16384

    /// Of every recurrent layer of a graph on its inputs, by the index of the layer's output.
    package static func of(_ graph: FloatGraph, inputs: [[Float]]) -> [Int: RecurrentMoments] {
        let layers = graph.nodes.compactMap { node in
            RecurrentProbe(node, in: graph).map { (node, $0) }
        }
        guard !layers.isEmpty else { return [:] }
        var evaluator = FloatEvaluator(graph)
        var result: [Int: RecurrentMoments] = [:]
        for input in inputs {
            evaluator.run(input)
            for (node, probe) in layers {
                let height = graph.shape(of: node.inputs[0]).image.height
                var moments = result[node.output.index] ?? RecurrentMoments()
                let x = Array(evaluator[node.inputs[0]])
                let every = max(1, height * inputs.count / enoughSteps)
                for row in stride(from: 0, to: height, by: every) {
                    let columns = x.count / height
                    moments.input.add(Array(x[row * columns..<(row + 1) * columns]))
                }
                var step = 0
                probe.eachState(x) { output, other in
                    step += 1
                    guard step % every == 0 else { return }
                    moments.own.add(output)
                    if !other.isEmpty { moments.other.add(other) }
                }
                result[node.output.index] = moments
            }
        }
        return result
    }
}

extension InputMoments? {
    /// Takes in one sample; the first one says how many numbers there are.
    fileprivate mutating func add(_ sample: [Float]) {
        if self == nil { self = InputMoments(taps: sample.count) }
        self?.add(sample, set: 0)
    }
}
