// SPDX-License-Identifier: Apache-2.0

extension FloatGraph {
    /// Checks the invariants that every pass must keep: values are written once and before they are
    /// read, shapes agree with the operators, all weights are finite.
    package func verify() throws(GraphError) {
        var written = Set([input])
        for node in nodes {
            for value in node.inputs where !written.contains(value) {
                throw GraphError(
                    node: node.name, fact: "reads value \(value.index) before it is written")
            }
            let shape = try node.operation.outputShape(
                node.inputs.map { self.shape(of: $0) }, node: node.name)
            guard shape == self.shape(of: node.output) else {
                throw GraphError(
                    node: node.name,
                    fact: "output shape \(self.shape(of: node.output)), expected \(shape)")
            }
            guard written.insert(node.output).inserted else {
                throw GraphError(node: node.name, fact: "writes a value twice")
            }
            for (kind, numbers) in node.operation.parameters {
                if let bad = numbers.firstIndex(where: { !$0.isFinite }) {
                    throw GraphError(
                        node: node.name, fact: "\(kind) \(bad) is \(numbers[bad]), must be finite")
                }
            }
        }
        guard written.contains(output) else {
            throw GraphError(node: name, fact: "the graph's output is never written")
        }
    }
}

extension FloatOperator {
    /// The operator's numbers by kind, trained statistics included.
    package var parameters: [(kind: String, numbers: [Float])] {
        switch self {
        case .convolution(_, let weights, let bias), .depthwise(_, let weights, let bias),
            .dense(let weights, let bias):
            [("weight", weights), ("bias", bias)]
        case .batchNorm(let norm):
            [
                ("gamma", norm.gamma), ("beta", norm.beta), ("mean", norm.mean),
                ("variance", norm.variance),
            ]
        case .lstm(let lstm): lstm.parameters
        case .gru(let gru): gru.parameters
        case .affine(let scale, let offset):
            [("scale", scale), ("offset", offset)]
        default: []
        }
    }
}
