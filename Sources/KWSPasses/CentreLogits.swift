// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Takes the mean over the classes off the weights and biases of a dense layer whose logits a softmax
/// alone reads: scores stay as they are, since `softmax(x + c) = softmax(x)`, and what all logits share,
/// which can be more than what tells them apart, takes nothing of their range.
///
/// A layer with pruned weights stays as it is: their zeros would be filled in.
package struct CentreLogits: Pass {
    package let name = "CentreLogits"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        for (index, node) in graph.nodes.enumerated() {
            guard case .softmax = node.operation, let producer = graph.producer(of: node.inputs[0]),
                graph.isPrivate(node.inputs[0], to: index),
                case .dense(let weights, let bias) = graph.nodes[producer].operation,
                !weights.contains(0)
            else { continue }
            let taps = weights.count / bias.count
            let means = (0..<taps).map { tap in
                CentreLogits.mean(
                    stride(from: tap, to: weights.count, by: taps).map { weights[$0] })
            }
            let shift = CentreLogits.mean(bias)
            graph.nodes[producer].operation = .dense(
                weights: weights.indices.map { Float(Double(weights[$0]) - means[$0 % taps]) },
                bias: bias.map { Float(Double($0) - shift) })
        }
    }

    private static func mean(_ numbers: [Float]) -> Double {
        numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
    }
}
