// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A graph under construction: bounds its size, keeps names unique, gives errors their file.
struct GraphBuilder {
    let file: String
    private(set) var graph: FloatGraph
    private var names = UniqueNames()
    private var elements: Int
    private var parameters = 0

    init(
        file: String, name: String, inputName: String, inputShape: Shape
    ) throws(ModelFileError) {
        guard (1...3).contains(inputShape.rank), inputShape.extents.allSatisfy({ $0 > 0 }),
            let count = ModelFileLimits.product(inputShape.extents)
        else {
            throw ModelFileError(
                .unsupported, file: file, place: "input '\(inputName)'",
                found: "shape \(inputShape)",
                allowed: "1 to 3 axes of 1 or more, \(ModelFileLimits.elements) numbers at most")
        }
        self.file = file
        graph = FloatGraph(name: name, inputName: inputName, inputShape: inputShape)
        _ = names.take(inputName)
        elements = count
    }

    func shape(of value: ValueID) -> Shape { graph.shape(of: value) }

    /// Adds a node; a name that is taken gets a number.
    @discardableResult
    mutating func append(
        _ operation: FloatOperator, name: String, _ inputs: ValueID...
    ) throws(ModelFileError) -> ValueID {
        try append(operation, name: name, inputs: inputs)
    }

    mutating func append(
        _ operation: FloatOperator, name: String, inputs: [ValueID]
    ) throws(ModelFileError) -> ValueID {
        guard graph.nodes.count < ModelFileLimits.nodes else {
            throw ModelFileError(
                .tooLarge, file: file, place: "node '\(name)'", found: "too many nodes",
                allowed: "\(ModelFileLimits.nodes) at most")
        }
        parameters += operation.parameters.reduce(0) { $0 + $1.numbers.count }
        guard parameters <= ModelFileLimits.parameters else {
            throw ModelFileError(
                .tooLarge, file: file, place: "node '\(name)'",
                found: "weights of more than \(ModelFileLimits.parameters) numbers",
                allowed: "\(ModelFileLimits.parameters) at most in all nodes together")
        }
        let unique = names.take(name)
        let value: ValueID
        do {
            value = try graph.append(operation, name: unique, inputs: inputs)
        } catch {
            throw ModelFileError(file: file, place: "node '\(error.node)'", found: error.fact)
        }
        // Kernel and weights are bounded by now, so no product can overflow before this check.
        let added = ModelFileLimits.product(shape(of: value).extents) ?? Int(Int32.max)
        elements += added
        if let recurrence = operation.recurrence {
            // The sums of all gates in all steps, which are computed at once.
            elements += shape(of: inputs[0]).image.height * LSTM.gates * recurrence.units
        }
        guard elements <= ModelFileLimits.activationElements else {
            throw ModelFileError(
                .tooLarge, file: file, place: "node '\(unique)'",
                found: "activations of more than \(ModelFileLimits.activationElements) numbers",
                allowed: "\(ModelFileLimits.activationElements) at most in all nodes together")
        }
        return value
    }

    /// The graph with a value as its output, without nodes that it does not follow from, verified.
    func finished(output: ValueID) throws(ModelFileError) -> FloatGraph {
        var graph = graph
        graph.output = output
        var live = Set([output])
        for node in graph.nodes.reversed() where live.contains(node.output) {
            live.formUnion(node.inputs)
        }
        graph.nodes.removeAll { !live.contains($0.output) }
        do {
            try graph.verify()
        } catch {
            throw ModelFileError(file: file, place: "node '\(error.node)'", found: error.fact)
        }
        return graph
    }

    /// A window over an image, checked against the limits.
    func window(
        node: String, image: Shape, kernel: (Int, Int), stride: (Int, Int),
        vertical: Padding, horizontal: Padding
    ) throws(ModelFileError) -> Window {
        let limit = ModelFileLimits.windowExtent
        guard image.rank == 3 else {
            throw ModelFileError(
                .unsupported, file: file, place: "node '\(node)'",
                found: "an input of shape \(image)",
                allowed: "an image of three axes")
        }
        guard [kernel.0, kernel.1, stride.0, stride.1].allSatisfy({ (1...limit).contains($0) })
        else {
            throw ModelFileError(
                file: file, place: "node '\(node)'",
                found: "kernel \(kernel.0)x\(kernel.1), stride \(stride.0)x\(stride.1)",
                allowed: "1 to \(limit)")
        }
        let v = vertical.zeros(extent: image.extents[0], kernel: kernel.0, stride: stride.0)
        let h = horizontal.zeros(extent: image.extents[1], kernel: kernel.1, stride: stride.1)
        let padding = (top: v.before, bottom: v.after, left: h.before, right: h.after)
        guard
            [padding.top, padding.bottom, padding.left, padding.right]
                .allSatisfy({ (0...limit).contains($0) })
        else {
            throw ModelFileError(
                file: file, place: "node '\(node)'", found: "padding \(padding)",
                allowed: "0 to \(limit)")
        }
        return Window(kernel: kernel, stride: stride, padding: padding)
    }
}
