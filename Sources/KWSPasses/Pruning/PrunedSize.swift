// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What is left of a network once zeros and dead units are gone.
package struct PrunedSize: Sendable {
    /// Weights that are not zero.
    package let nonZeros: Int
    /// Of each convolution, dense and recurrent layer, in execution order: outputs, or units.
    package let widths: [Int]
    /// Multiply-accumulates of weights that are not zero, an inference.
    package let macs: Int
    /// A byte for each value, one for its distance from the value before, four for each bias.
    package let bytes: Int

    package init(_ graph: FloatGraph) throws(GraphError) {
        var graph = graph
        try run(standardPasses, on: &graph)
        var (nonZeros, macs, biases) = (0, 0, 0)
        var widths: [Int] = []
        for node in graph.nodes {
            guard case .some(let (weights, count, width)) = node.operation.counted else { continue }
            let left = weights.reduce(0) { $0 + $1.count { $0 != 0 } }
            nonZeros += left
            macs += graph.macs(of: node) / max(1, weights.reduce(0) { $0 + $1.count }) * left
            biases += count
            if let width { widths.append(width) }
        }
        self.nonZeros = nonZeros
        self.macs = macs
        self.widths = widths
        bytes = 2 * nonZeros + 4 * biases
    }
}

extension FloatOperator {
    /// Weights, the number of biases and, of a layer that can be pruned, outputs or units.
    fileprivate var counted: (weights: [[Float]], biases: Int, width: Int?)? {
        switch self {
        case .depthwise(_, let weights, let bias): ([weights], bias.count, nil)
        case .convolution(_, let weights, let bias), .dense(let weights, let bias):
            ([weights], bias.count, bias.count)
        case .lstm(let lstm):
            (Array(matrices.values), lstm.bias.count, lstm.recurrence.units)
        case .gru(let gru):
            (
                Array(matrices.values), gru.bias.count + (gru.recurrentBias?.count ?? 0),
                gru.recurrence.units
            )
        default: nil
        }
    }
}
