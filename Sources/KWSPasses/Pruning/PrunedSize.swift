// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What is left of a network once zeros and dead units are gone.
package struct PrunedSize: Sendable {
    /// Weights that are not zero.
    package let nonZeros: Int
    /// Of each convolution and dense layer, in execution order: outputs.
    package let widths: [Int]
    /// Multiply-accumulates of weights that are not zero, an inference.
    package let macs: Int
    /// A byte for each value, one for its distance from the value before, four for each bias.
    package let bytes: Int

    package init(_ graph: FloatGraph) throws(GraphError) {
        var graph = graph
        try run(standardPasses, on: &graph)
        var (nonZeros, macs, biases) = (0, 0, 0)
        for node in graph.nodes {
            guard case .some(let (weights, bias)) = node.operation.weightsAndBias else { continue }
            let count = weights.count { $0 != 0 }
            nonZeros += count
            macs += graph.macs(of: node) / max(1, weights.count) * count
            biases += bias.count
        }
        self.nonZeros = nonZeros
        self.macs = macs
        widths = graph.prunable.map(\.rows)
        bytes = 2 * nonZeros + 4 * biases
    }
}

extension FloatOperator {
    fileprivate var weightsAndBias: (weights: [Float], bias: [Float])? {
        if case .depthwise(_, let weights, let bias) = self { return (weights, bias) }
        return matrix
    }
}
