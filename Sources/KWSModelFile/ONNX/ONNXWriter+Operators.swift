// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXWriter {
    /// Adds the nodes of a graph's node.
    mutating func add(_ node: FloatGraph.Node) {
        let x = node.inputs[0]
        let shape = graph.shape(of: x)
        switch node.operation {
        case .convolution(let window, let weights, let bias):
            let ohwi = WeightTensor(
                name: "",
                shape: [bias.count, window.kernelHeight, window.kernelWidth, shape.image.channels],
                numbers: weights)
            convolution(node, window, ohwi.transposed([0, 3, 1, 2]), bias, group: 1)
        case .depthwise(let window, let weights, let bias):
            let hwo = WeightTensor(
                name: "", shape: [window.kernelHeight, window.kernelWidth, bias.count, 1],
                numbers: weights)
            convolution(
                node, window, hwo.transposed([2, 3, 0, 1]), bias, group: shape.image.channels)
        case .dense(let weights, let bias):
            let inputs = [
                flat(x), constant(node, "weight", [bias.count, shape.elements], weights),
                constant(node, "bias", [bias.count], bias),
            ]
            write(node, "Gemm", inputs, order: [0], [("transB", .integer(1))])
        case .lstm(let operation): lstm(node, operation)
        case .gru(let operation): gru(node, operation)
        case .batchNorm(let norm):
            var inputs = [tensor(x, channelsFirst(x))]
            for (kind, numbers) in node.operation.parameters {
                inputs.append(constant(node, kind, [numbers.count], numbers))
            }
            write(
                node, "BatchNormalization", inputs, order: channelsFirst(x),
                [("epsilon", .float(norm.epsilon))])
        case .affine(let scale, let offset):
            affine(node, scale, offset)
        case .clip(let lower, let upper):
            clip(node, lower, upper)
        case .add:
            let order = commonOrder(node)
            write(node, "Add", node.inputs.map { tensor($0, order) }, order: order)
        case .concatenate(let axis):
            let order = commonOrder(node)
            write(
                node, "Concat", node.inputs.map { tensor($0, order) }, order: order,
                [("axis", .integer(1 + (order.firstIndex(of: axis) ?? 0)))])
        case .maxPool(let window):
            pool(node, "MaxPool", attributes(window))
        case .averagePool(let window):
            averagePool(node, window)
        case .reshape(let target):
            let source = inMemoryOrder(x)
            let output = result(node, plain(node.output))
            reshape(source, target.extents, output: output, name: node.name)
        case .transpose(let permutation):
            let output = result(node, plain(node.output))
            transpose(x, to: permutation, output: output, name: node.name)
        case .softmax:
            softmax(node)
        }
    }

    /// Adds a node that writes the graph node's output with its axes in an order.
    private mutating func write(
        _ node: FloatGraph.Node, _ operation: String, _ inputs: [String], order: [Int],
        _ attributes: ONNXGraphMessage.Attributes = []
    ) {
        let output = result(node, order)
        message.node(operation, inputs, output: output, name: node.name, attributes)
    }

    private mutating func constant(
        _ node: FloatGraph.Node, _ kind: String, _ shape: [Int], _ numbers: [Float]
    ) -> String {
        message.constant("\(node.name).\(kind)", shape, numbers)
    }

    /// The order in which most needs no transpose: channels first if any input is written so.
    private func commonOrder(_ node: FloatGraph.Node) -> [Int] {
        let first = channelsFirst(node.inputs[0])
        return node.inputs.contains { order($0) == first } ? first : plain(node.inputs[0])
    }

    private func attributes(_ window: Window) -> ONNXGraphMessage.Attributes {
        [
            ("kernel_shape", .integers([window.kernelHeight, window.kernelWidth])),
            ("pads", .integers([window.top, window.left, window.bottom, window.right])),
            ("strides", .integers([window.strideHeight, window.strideWidth])),
        ]
    }

    /// Weights `[out][in / group][height][width]`.
    private mutating func convolution(
        _ node: FloatGraph.Node, _ window: Window, _ weights: WeightTensor, _ bias: [Float],
        group: Int
    ) {
        let x = node.inputs[0]
        let inputs = [
            tensor(x, channelsFirst(x)), constant(node, "weight", weights.shape, weights.numbers),
            constant(node, "bias", [bias.count], bias),
        ]
        write(
            node, "Conv", inputs, order: channelsFirst(node.output),
            attributes(window) + [("group", .integer(group))])
    }

    private mutating func averagePool(_ node: FloatGraph.Node, _ window: Window) {
        let (height, width, _) = graph.shape(of: node.inputs[0]).image
        if window.kernelHeight == height, window.kernelWidth == width, !window.hasPadding {
            pool(node, "GlobalAveragePool", [])
        } else {
            pool(
                node, "AveragePool", attributes(window) + [("count_include_pad", .integer(1))])
        }
    }

    private mutating func pool(
        _ node: FloatGraph.Node, _ operation: String, _ attributes: ONNXGraphMessage.Attributes
    ) {
        let x = node.inputs[0]
        write(
            node, operation, [tensor(x, channelsFirst(x))], order: channelsFirst(node.output),
            attributes)
    }

    /// `Mul`, `Add`, or both, but for what changes nothing.
    private mutating func affine(_ node: FloatGraph.Node, _ scale: [Float], _ offset: [Float]) {
        let x = node.inputs[0]
        let order = order(x)
        let behind = order.reversed().prefix { $0 != order.count - 1 }.count
        let shape = [scale.count] + Array(repeating: 1, count: behind)
        var source = tensor(x, order)
        let adds = offset.contains { $0 != 0 }
        if !adds || scale.contains(where: { $0 != 1 }) {
            let inputs = [source, constant(node, "scale", shape, scale)]
            guard adds else { return write(node, "Mul", inputs, order: order) }
            source = message.tensorName("\(node.name)/scaled")
            message.node("Mul", inputs, output: source, name: source)
        }
        write(node, "Add", [source, constant(node, "offset", shape, offset)], order: order)
    }

    private mutating func clip(_ node: FloatGraph.Node, _ lower: Float, _ upper: Float) {
        let x = node.inputs[0]
        let order = order(x)
        var inputs = [tensor(x, order)]
        if lower == 0, upper == .infinity { return write(node, "Relu", inputs, order: order) }
        for (kind, bound) in [("min", lower), ("max", upper)] {
            inputs.append(bound.isFinite ? constant(node, kind, [], [bound]) : "")
        }
        write(node, "Clip", inputs, order: order)
    }

    /// Over all elements, so as one vector.
    private mutating func softmax(_ node: FloatGraph.Node) {
        let shape = graph.shape(of: node.output)
        let source = flat(node.inputs[0])
        guard shape.rank > 1 else {
            return write(node, "Softmax", [source], order: [0], [("axis", .integer(1))])
        }
        let vector = message.tensorName("\(node.name)/softmax")
        message.node("Softmax", [source], output: vector, name: vector, [("axis", .integer(1))])
        let output = result(node, plain(node.output))
        reshape(vector, shape.extents, output: output, name: node.name)
    }
}
