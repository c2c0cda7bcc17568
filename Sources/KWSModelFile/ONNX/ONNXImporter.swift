// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// ONNX bytes to a channels-last graph.
///
/// Operator sets 13 to 23, batch 1. Layout is settled here: every value remembers in which order
/// memory holds its ONNX axes, and transposes appear only where an operator needs another order.
struct ONNXImporter {
    /// Rows and columns of the features that feed the network, where a front end is known.
    typealias FeatureShape = (frames: Int, features: Int)

    static let operatorSets = 13...23

    let file: String
    let opset: Int
    var builder: GraphBuilder
    var values: [String: ONNXValue]
    /// The names that a node reads, and the output's; an input left out is none.
    let read: Set<String>
    /// Numbers of all constants that nodes made so far.
    private var foldedNumbers = 0
    /// The node that is being converted.
    var node = ONNXModel.Node()

    /// - Returns: the graph, and the files with external weights.
    static func graph(
        _ source: FileBytes, name: String, features: FeatureShape?, featuresFirst: Bool?
    ) throws(ModelFileError) -> (graph: FloatGraph, external: [FileBytes]) {
        let (model, external) = try ONNXParser.parse(source)
        guard operatorSets.contains(model.opset) else {
            throw ModelFileError(
                .unsupported, file: source.name, place: "opset_import",
                found: "operator set \(model.opset)",
                allowed: "\(operatorSets.lowerBound) to \(operatorSets.upperBound)")
        }
        let inputs = model.inputs.filter { model.initializers[$0.name] == nil }
        guard inputs.count == 1, let input = inputs.first else {
            throw ModelFileError(
                .unsupported, file: source.name, place: "graph.input",
                found: "inputs \(inputs.map(\.name))", allowed: "exactly one")
        }
        guard model.outputs.count == 1, let output = model.outputs.first else {
            throw ModelFileError(
                .unsupported, file: source.name, place: "graph.output",
                found: "outputs \(model.outputs.map(\.name))", allowed: "exactly one")
        }
        var importer = try ONNXImporter(
            model, input: input, file: source.name, name: name, features: features,
            featuresFirst: featuresFirst)
        for node in model.nodes { try importer.convert(node) }
        guard case .activation(let result) = importer.values[output.name] else {
            throw ModelFileError(
                file: source.name, place: "graph.output '\(output.name)'",
                found: "a name that no node writes", allowed: "the output of a node")
        }
        importer.node = ONNXModel.Node(name: output.name, operation: "graph output")
        let plain = try importer.arranged(
            try importer.settled(result), order: Array(result.dims.indices))
        return (try importer.builder.finished(output: plain.id), external)
    }

    private init(
        _ model: ONNXModel, input: ONNXModel.ValueInfo, file: String, name: String,
        features: FeatureShape?, featuresFirst: Bool?
    ) throws(ModelFileError) {
        func refuse(_ found: String, _ allowed: String) -> ModelFileError {
            ModelFileError(
                .unsupported, file: file, place: "input '\(input.name)'", found: found,
                allowed: allowed)
        }
        var dims: [Int] = []
        for (axis, extent) in input.dims.enumerated() {
            guard let known = extent ?? (axis == 0 ? 1 : nil) else {
                throw refuse("a symbolic extent of axis \(axis)", "a symbolic batch axis only")
            }
            dims.append(known)
        }
        guard (1...ModelFileLimits.rank).contains(dims.count), dims.allSatisfy({ $0 > 0 }),
            ModelFileLimits.product(dims) != nil, dims.count < 2 || dims[0] == 1
        else {
            throw refuse("shape \(dims)", "[batch of 1, ...] with extents of 1 or more")
        }
        var order = Array(dims.indices)
        let large = order.filter { dims[$0] > 1 }
        if let features, large.count == 2 {
            // Memory holds the features frame by frame, whichever axis ONNX calls the first.
            let extents = large.map { dims[$0] }
            let reversed = [features.features, features.frames]
            if extents == reversed, featuresFirst ?? (features.frames != features.features) {
                order.swapAt(large[0], large[1])
            }
        }
        let shape = order.map { dims[$0] }.filter { $0 > 1 }
        guard shape.count <= 3 else { throw refuse("shape \(dims)", "three axes above 1 at most") }
        self.file = file
        opset = model.opset
        builder = try GraphBuilder(
            file: file, name: name, inputName: input.name,
            inputShape: Shape(shape.isEmpty ? [1] : shape))
        values = model.initializers.mapValues { .constant($0) }
        read = Set(model.nodes.flatMap(\.inputs) + model.outputs.map(\.name)).subtracting([""])
        values[input.name] = .activation(
            ONNXActivation(id: builder.graph.input, dims: dims, order: order))
    }

    /// Something sound at the current node that is not supported.
    func fail(_ found: String, _ allowed: String) -> ModelFileError {
        fail(.unsupported, found, allowed)
    }

    /// An error at the current node.
    func fail(
        _ kind: ModelFileError.Kind, _ found: String, _ allowed: String
    ) -> ModelFileError {
        ModelFileError(
            kind, file: file, place: "node '\(node.name)' (\(node.operation))", found: found,
            allowed: allowed)
    }

    private mutating func convert(_ node: ONNXModel.Node) throws(ModelFileError) {
        self.node = node
        guard node.domain.isEmpty || node.domain == "ai.onnx",
            Self.operators.contains(node.operation)
        else {
            let name = (node.domain.isEmpty ? "" : node.domain + "::") + node.operation
            throw fail("operator \(name)", Self.operators.joined(separator: ", "))
        }
        if node.operation == "LSTM" || node.operation == "GRU" { return try recurrent() }
        guard let output = node.outputs.first, !output.isEmpty else {
            throw fail(.invalid, "no output", "one output")
        }
        let value: ONNXValue
        if let folded = try folded() {
            foldedNumbers += folded.numbers.count
            guard foldedNumbers <= ModelFileLimits.parameters else {
                throw fail(
                    .tooLarge, "constants of more than \(ModelFileLimits.parameters) numbers",
                    "\(ModelFileLimits.parameters) at most in all nodes together")
            }
            value = .constant(folded)
        } else {
            value = .activation(try activation())
        }
        try define(output, value)
    }

    mutating func define(_ name: String, _ value: ONNXValue) throws(ModelFileError) {
        guard values.updateValue(value, forKey: name) == nil else {
            throw fail(.invalid, "a second value '\(name)'", "each name written once")
        }
    }

    /// Whether an optional input is given.
    func has(_ index: Int) -> Bool { index < node.inputs.count && !node.inputs[index].isEmpty }

    func value(_ index: Int) throws(ModelFileError) -> ONNXValue {
        guard has(index) else {
            throw fail(.invalid, "no input \(index)", "at least \(index + 1) inputs")
        }
        guard let value = values[node.inputs[index]] else {
            throw fail(
                .invalid, "input '\(node.inputs[index])'",
                "the graph's input, an initializer, or an output of a node before this one "
                    + "(nodes stand in execution order, without cycles)")
        }
        return value
    }

    /// An input that must be computed from the network's input.
    func input(_ index: Int = 0) throws(ModelFileError) -> ONNXActivation {
        try settled(try padded(index))
    }

    /// The activation, if nothing of it is still to come.
    func settled(_ activation: ONNXActivation) throws(ModelFileError) -> ONNXActivation {
        guard activation.pads == nil else {
            throw fail("an input with padding by Pad", "Pad in front of Conv or AveragePool")
        }
        guard activation.projection == nil else {
            throw fail(
                "an LSTM whose recurrent weights are a product by P, but not P behind it",
                "MatMul by P transposed behind such an LSTM")
        }
        return activation
    }

    /// The same, possibly with the zeros of a Pad node around it.
    func padded(_ index: Int = 0) throws(ModelFileError) -> ONNXActivation {
        guard case .activation(let activation) = try value(index) else {
            throw fail("constant input \(index)", "an input that depends on the network's input")
        }
        return activation
    }

    /// An input that must be known at import time.
    func constant(_ index: Int) throws(ModelFileError) -> ONNXConstant {
        guard case .constant(let constant) = try value(index) else {
            throw fail("input \(index) computed by the network", "a constant input \(index)")
        }
        return constant
    }

    /// A constant that must be known and finite as float.
    func weights(_ index: Int) throws(ModelFileError) -> WeightTensor {
        let constant = try constant(index)
        return try WeightTensor(
            name: constant.name.isEmpty ? node.inputs[index] : constant.name,
            shape: constant.shape, numbers: constant.numbers, file: file)
    }

    func integer(_ attribute: String, _ fallback: Int) -> Int {
        node.attributes[attribute]?.integer ?? fallback
    }

    func integers(_ attribute: String) -> [Int]? { node.attributes[attribute]?.integers }

    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws(ModelFileError) -> Int {
        let positive = axis < 0 ? axis + rank : axis
        guard axis >= -rank, axis < rank else {
            throw fail(.invalid, "axis \(axis)", "-\(rank) to \(rank - 1)")
        }
        return positive
    }

    /// Axes by attribute or, in newer operator sets, by an input; nil if not given.
    func axes(input index: Int, rank: Int) throws(ModelFileError) -> [Int]? {
        guard let given = has(index) ? try constant(index).integers : integers("axes") else {
            return nil
        }
        var axes: [Int] = []
        for axis in given {
            let axis = try self.axis(axis, rank: rank)
            guard !axes.contains(axis) else { throw fail(.invalid, "axes \(given)", "each once") }
            axes.append(axis)
        }
        return axes.sorted()
    }
}
