// SPDX-License-Identifier: Apache-2.0

extension FloatGraph {
    /// Multiply-accumulates of a node; padding taps are not counted apart, they are multiplied too.
    package func macs(of node: Node) -> Int {
        let out = shape(of: node.output).elements
        switch node.operation {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias):
            return out / bias.count * weights.count
        case .depthwise(let window, _, _): return out * window.taps
        case .lstm(let lstm): return shape(of: node.inputs[0]).image.height * lstm.stepMACs
        case .gru(let gru): return shape(of: node.inputs[0]).image.height * gru.stepMACs
        default: return 0
        }
    }

    package var macs: Int { nodes.reduce(0) { $0 + macs(of: $1) } }

    /// Trained numbers, batch norm statistics included; a bias of zeros is none.
    package var parameters: Int {
        nodes.reduce(0) { $0 + $1.operation.trained.reduce(0) { $0 + $1.numbers.count } }
    }

    /// The numbers that gradients move: all but batch norm statistics.
    package var trainable: Int {
        nodes.reduce(0) { sum, node in
            sum
                + node.operation.trained.reduce(0) {
                    ["mean", "variance"].contains($1.kind) ? $0 : $0 + $1.numbers.count
                }
        }
    }
}

extension FloatOperator {
    /// The weights of a layer that has such, as the kernels multiply by them; biases are none.
    package var weightCount: Int {
        if case .depthwise(_, let weights, _) = self { return weights.count }
        return matrices.values.reduce(0) { $0 + $1.count }
    }

    /// The parameters that a model file has numbers for.
    var trained: [(kind: String, numbers: [Float])] {
        parameters.filter { !$0.kind.hasSuffix("bias") || $0.numbers.contains { $0 != 0 } }
    }
}
