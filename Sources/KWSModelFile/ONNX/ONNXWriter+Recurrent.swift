// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXWriter {
    /// `LSTM`. ONNX knows no projection P: what the units read of the step before, `R (P m)`, is
    /// written as `(R P) m`, with R P as a product of two constants, and P once more behind the
    /// node.
    mutating func lstm(_ node: FloatGraph.Node, _ lstm: LSTM) {
        let (form, name) = (lstm.recurrence, node.name)
        let (units, width) = (form.units, LSTM.gates * form.units)
        /// From i, f, g, o to ONNX's i, o, f, c.
        func gates(_ numbers: [Float]) -> [Float] { reordered(numbers, [0, 3, 1, 2]) }
        var inputs = [
            rows(node, form),
            message.constant("\(name).weight", [1, width, form.inputs], gates(lstm.weights)),
        ]
        let recurrent = message.constant(
            "\(name).recurrent weight", [1, width, lstm.outputs], gates(lstm.recurrentWeights))
        var behind: String?
        if let projection = lstm.projection {
            let matrix = message.constant("\(name).projection", [lstm.outputs, units], projection)
            let product = message.tensorName("\(name)/recurrent")
            message.node("MatMul", [recurrent, matrix], output: product, name: product)
            let turned = message.tensorName("\(name)/projection")
            message.node(
                "Transpose", [matrix], output: turned, name: turned, [("perm", .integers([1, 0]))])
            inputs.append(product)
            behind = turned
        } else {
            inputs.append(recurrent)
        }
        inputs.append(
            message.constant(
                "\(name).bias", [1, 2 * width],
                gates(lstm.bias) + Array(repeating: 0, count: width)))
        if let peepholes = lstm.peepholes {
            inputs += ["", "", ""]
            inputs.append(
                message.constant(
                    "\(name).peephole", [1, 3 * units], reordered(peepholes, [0, 2, 1])))
        }
        finish(node, form, "LSTM", inputs, behind, [])
    }

    /// `GRU`; the clipped ReLU is a `Relu` behind ONNX's clip of all sums to -20...20, which moves
    /// the gates by 2.1e-9 at most.
    mutating func gru(_ node: FloatGraph.Node, _ gru: GRU) {
        let (form, name) = (gru.recurrence, node.name)
        let (units, width) = (form.units, GRU.gates * form.units)
        let none = Array(repeating: Float(0), count: units)
        let inputs = [
            rows(node, form),
            message.constant("\(name).weight", [1, width, form.inputs], gru.weights),
            message.constant("\(name).recurrent weight", [1, width, units], gru.recurrentWeights),
            message.constant(
                "\(name).bias", [1, 2 * width],
                gru.bias + none + none + (gru.recurrentBias ?? none)),
        ]
        var attributes: ONNXGraphMessage.Attributes = [
            ("linear_before_reset", .integer(gru.resetsAfter ? 1 : 0))
        ]
        if gru.candidate == .clippedReLU {
            attributes.append(("activations", .texts(["Sigmoid", "Relu"])))
            attributes.append(("clip", .float(GRU.Candidate.ceiling)))
        }
        finish(node, form, "GRU", inputs, nil, attributes)
    }

    /// The input as `[time, batch, inputs]`.
    private mutating func rows(_ node: FloatGraph.Node, _ form: Recurrence) -> String {
        let steps = graph.shape(of: node.inputs[0]).image.height
        return view(
            inMemoryOrder(node.inputs[0]), [steps, 1, form.inputs], named: "\(node.name)/rows")
    }

    private mutating func view(_ source: String, _ shape: [Int], named name: String) -> String {
        let output = message.tensorName(name)
        let target = message.constant("\(name).shape", integers: shape)
        message.node("Reshape", [source, target], output: output, name: name)
        return output
    }

    /// Adds the node, a product behind it, and the view of its sequence or last state.
    private mutating func finish(
        _ node: FloatGraph.Node, _ form: Recurrence, _ operation: String, _ inputs: [String],
        _ matrix: String?, _ attributes: ONNXGraphMessage.Attributes
    ) {
        var states = message.tensorName("\(node.name)/states")
        message.node(
            operation, inputs, output: states, slot: form.returnsSequence ? 0 : 1, name: node.name,
            [
                ("direction", .text(form.isBackward ? "reverse" : "forward")),
                ("hidden_size", .integer(form.units)),
            ] + attributes)
        if let matrix {
            let product = message.tensorName("\(node.name)/projected")
            message.node("MatMul", [states, matrix], output: product, name: product)
            states = product
        }
        let output = result(node, plain(node.output))
        reshape(
            states, graph.shape(of: node.output).extents, output: output,
            name: "\(node.name)/output")
    }

    /// Blocks of equal length in another order.
    private func reordered(_ numbers: [Float], _ order: [Int]) -> [Float] {
        let block = numbers.count / order.count
        return order.flatMap { numbers[$0 * block..<($0 + 1) * block] }
    }
}
