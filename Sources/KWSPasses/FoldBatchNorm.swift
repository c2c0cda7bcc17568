// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Folds batch norms and constant multiplications and additions into the linear operator before
/// them: `w' = w * s`, `b' = b * s + t` per output channel.
///
/// A batch norm that follows no linear operator becomes an affine node.
package struct FoldBatchNorm: Pass {
    package let name = "FoldBatchNorm"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        graph.foldBatchNorms()
    }
}

extension FloatGraph {
    /// What `FoldBatchNorm` does.
    package mutating func foldBatchNorms() {
        for index in nodes.indices {
            if case .batchNorm(let norm) = nodes[index].operation {
                let (scale, offset) = norm.affine
                nodes[index].operation = .affine(scale: scale, offset: offset)
            }
        }
        var index = 0
        while index < nodes.count {
            let node = nodes[index]
            if case .affine(let scale, let offset) = node.operation,
                let producer = producer(of: node.inputs[0]),
                isPrivate(node.inputs[0], to: index),
                let folded = nodes[producer].operation.scaled(by: scale, plus: offset)
            {
                nodes[producer].operation = folded
                bypass(index)
            } else {
                index += 1
            }
        }
    }
}

extension BatchNorm {
    /// The same function as one multiplication and one addition per channel, computed in doubles.
    package var affine: (scale: [Float], offset: [Float]) {
        var scale: [Float] = []
        var offset: [Float] = []
        for c in gamma.indices {
            let s = Double(gamma[c]) / (Double(variance[c]) + Double(epsilon)).squareRoot()
            scale.append(Float(s))
            offset.append(Float(Double(beta[c]) - Double(mean[c]) * s))
        }
        return (scale, offset)
    }
}

extension FloatOperator {
    /// The operator followed by `* scale + offset` per output channel; nil if it is not linear.
    func scaled(by scale: [Float], plus offset: [Float]) -> FloatOperator? {
        let bias: (_ bias: [Float]) -> [Float] = { bias in
            bias.indices.map { Float(Double(bias[$0]) * Double(scale[$0]) + Double(offset[$0])) }
        }
        switch self {
        case .convolution(let window, let weights, let old):
            let each = weights.count / old.count
            return .convolution(
                window, weights: weights.indices.map { weights[$0] * scale[$0 / each] },
                bias: bias(old))
        case .depthwise(let window, let weights, let old):
            return .depthwise(
                window, weights: weights.indices.map { weights[$0] * scale[$0 % old.count] },
                bias: bias(old))
        case .dense(let weights, let old):
            guard scale.count == old.count else { return nil }
            let each = weights.count / old.count
            return .dense(
                weights: weights.indices.map { weights[$0] * scale[$0 / each] }, bias: bias(old))
        case .affine(let inner, let shift):
            return .affine(
                scale: inner.indices.map { inner[$0] * scale[$0] }, offset: bias(shift))
        default:
            return nil
        }
    }
}
