// SPDX-License-Identifier: Apache-2.0

extension FloatGraph {
    /// The graph as a table: one node a line, in execution order.
    package var dump: String {
        var table = TextTable(["node", "operator", "inputs", "output", "parameters", "MACs"])
        for node in nodes {
            table.add([
                node.name, node.operation.summary,
                node.inputs.map { values[$0.index].name }.joined(separator: ", "),
                shape(of: node.output).description,
                String(node.operation.trained.reduce(0) { $0 + $1.numbers.count }),
                String(macs(of: node)),
            ])
        }
        let input = values[self.input.index]
        return "\(name): \(input.name) \(input.shape) -> \(shape(of: output)), "
            + "\(parameters) parameters (\(trainable) trainable), \(macs) MACs\n" + table.text
    }
}

extension FloatOperator {
    /// Name and attributes on one line.
    var summary: String {
        switch self {
        case .convolution(let window, _, _), .depthwise(let window, _, _), .maxPool(let window),
            .averagePool(let window):
            "\(name) \(window)"
        case .clip(let lower, let upper):
            lower == 0 && upper == .infinity ? "relu" : "clip \(lower)...\(upper)"
        case .concatenate(let axis): "concatenate axis \(axis)"
        case .transpose(let permutation): "transpose \(permutation)"
        case .lstm(let lstm): "\(name) \(lstm)"
        case .gru(let gru): "\(name) \(gru)"
        default: name
        }
    }
}

extension Window: CustomStringConvertible {
    package var description: String {
        var text = "\(kernelHeight)x\(kernelWidth)"
        if strideHeight != 1 || strideWidth != 1 {
            text += " stride \(strideHeight)x\(strideWidth)"
        }
        if hasPadding { text += " pad \(top),\(bottom),\(left),\(right)" }
        return text
    }
}
