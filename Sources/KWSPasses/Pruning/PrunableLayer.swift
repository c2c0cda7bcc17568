// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A layer whose weights may be removed: a matrix `[rows][columns]`, a row an output.
package struct PrunableLayer: Sendable {
    /// The node's index.
    package let node: Int
    package let weights: [Float]
    package let rows: Int
    /// What the outputs are multiplied by: the scale of a batch norm behind, else 1.
    package let scales: [Float]
    /// Whether its outputs become the network's without another layer's work.
    package let makesOutput: Bool

    package init(
        node: Int, weights: [Float], rows: Int, scales: [Float], makesOutput: Bool
    ) {
        self.node = node
        self.weights = weights
        self.rows = rows
        self.scales = scales
        self.makesOutput = makesOutput
    }

    package var columns: Int { weights.count / rows }
}

extension FloatGraph {
    /// The convolutions and dense layers, in execution order.
    ///
    /// A depthwise layer has too few weights for their removal to be worth its damage.
    package var prunable: [PrunableLayer] {
        var visible = Set([output])
        for node in nodes.reversed() where visible.contains(node.output) {
            if !node.operation.isMatrix { visible.formUnion(node.inputs) }
        }
        return nodes.indices.compactMap { index in
            let node = nodes[index]
            guard let (weights, bias) = node.operation.matrix else { return nil }
            return PrunableLayer(
                node: index, weights: weights, rows: bias.count,
                scales: norm(behind: index).map(\.norm.scales)
                    ?? Array(repeating: 1, count: bias.count),
                makesOutput: visible.contains(node.output))
        }
    }

    /// The batch norm that alone reads a node's output.
    func norm(behind node: Int) -> (node: Int, norm: BatchNorm)? {
        let readers = consumers(of: nodes[node].output)
        guard let next = readers.first, isPrivate(nodes[node].output, to: next),
            case .batchNorm(let norm) = nodes[next].operation
        else { return nil }
        return (next, norm)
    }
}

extension BatchNorm {
    fileprivate var scales: [Float] {
        gamma.indices.map { abs(gamma[$0]) / (variance[$0] + epsilon).squareRoot() }
    }
}

extension FloatOperator {
    fileprivate var isMatrix: Bool { matrix != nil }

    /// Weights and bias of a convolution or dense layer.
    var matrix: (weights: [Float], bias: [Float])? {
        switch self {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias): (weights, bias)
        default: nil
        }
    }

    /// The same convolution or dense layer with other numbers.
    ///
    /// - Requires: it is one.
    func with(weights: [Float], bias: [Float]) -> FloatOperator {
        switch self {
        case .convolution(let window, _, _): .convolution(window, weights: weights, bias: bias)
        case .dense: .dense(weights: weights, bias: bias)
        default: preconditionFailure("\(name) is no matrix")
        }
    }
}
