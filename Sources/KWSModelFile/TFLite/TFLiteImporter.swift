// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// TFLite bytes to a float graph; quantised weights are dequantised, activations become floats.
///
/// TFLite is channels-last like the graph; every value keeps its memory order.
struct TFLiteImporter {
    /// A value computed by the network; the graph's shape holds the same numbers in the same order.
    struct Activation {
        var id: ValueID
        /// Extents as in the file, the batch axis of 1 included.
        var dims: [Int]
        /// Zeros that a PAD put around each axis, still to be taken over by a window.
        var pads: [(before: Int, after: Int)]?
    }

    enum Value {
        case constant(WeightTensor)
        case activation(Activation)
        /// Arithmetic of shapes, which the shapes in the file make unnecessary.
        case shape
    }

    let model: TFLiteModel
    let file: String
    var builder: GraphBuilder
    var values: [Int: Value] = [:]
    var node: TFLiteModel.Operator
    /// The operator's number and output, for error messages.
    var place = ""

    static func graph(
        _ source: FileBytes, name: String, notes: inout [String]
    ) throws(ModelFileError) -> FloatGraph {
        let model = try TFLiteModel(source)
        guard model.inputs.count == 1, model.outputs.count == 1 else {
            throw ModelFileError(
                .unsupported, file: source.name, place: "SubGraph",
                found: "\(model.inputs.count) inputs and \(model.outputs.count) outputs",
                allowed: "one of each")
        }
        // Operators first: what the network is matters more than the shape of its input.
        for (index, node) in model.operators.enumerated() where !operators.contains(node.name) {
            throw ModelFileError(
                .unsupported, file: source.name,
                place: "operator \(index)" + outputName(node, model),
                found: node.isCustom ? "custom operator \(node.name)" : "operator \(node.name)",
                allowed: operators.joined(separator: ", "))
        }
        var importer = try TFLiteImporter(model, name: name)
        for (index, node) in model.operators.enumerated() {
            importer.node = node
            importer.place = "operator \(index)" + outputName(node, model) + " (\(node.name))"
            try importer.convert()
        }
        guard case .activation(let result) = importer.values[model.outputs[0]],
            result.pads == nil
        else {
            throw ModelFileError(
                file: source.name, place: "SubGraph outputs",
                found: "tensor \(model.outputs[0]), which no operator writes",
                allowed: "the output of an operator")
        }
        let isQuantised = model.tensors.contains { !$0.scales.isEmpty }
        if isQuantised { notes.append("Quantised tensors were converted to float.") }
        return try importer.builder.finished(output: result.id)
    }

    private static func outputName(_ node: TFLiteModel.Operator, _ model: TFLiteModel) -> String {
        guard let output = node.outputs.first, model.tensors.indices.contains(output) else {
            return ""
        }
        return " '\(model.tensors[output].name)'"
    }

    private init(_ model: TFLiteModel, name: String) throws(ModelFileError) {
        let input = model.tensors[model.inputs[0]]
        let large = input.shape.filter { $0 > 1 }
        guard ModelFileLimits.product(input.shape) ?? 0 > 0, large.count <= 3,
            input.shape.count < 2 || input.shape[0] == 1
        else {
            throw ModelFileError(
                .unsupported, file: model.file, place: "input '\(input.name)'",
                found: "shape \(input.shape)",
                allowed: "[batch of 1, ...], three axes above 1 at most")
        }
        self.model = model
        file = model.file
        var shape = Array(input.shape.dropFirst(input.shape.count > 1 ? 1 : 0))
        if shape.count > 3 || shape.isEmpty { shape = large.isEmpty ? [1] : large }
        builder = try GraphBuilder(
            file: model.file, name: name, inputName: input.name, inputShape: Shape(shape))
        node = TFLiteModel.Operator(name: "", isCustom: false, inputs: [], outputs: [])
        values[model.inputs[0]] = .activation(
            Activation(id: builder.graph.input, dims: input.shape))
    }

    func fail(_ found: String, _ allowed: String) -> ModelFileError {
        fail(.unsupported, found, allowed)
    }

    func fail(
        _ kind: ModelFileError.Kind, _ found: String, _ allowed: String
    ) -> ModelFileError {
        ModelFileError(kind, file: file, place: place, found: found, allowed: allowed)
    }

    /// A short name for the current operator: of the names that the converter joined, the first.
    var outputName: String {
        let name = model.tensors[node.outputs[0]].name
        return String(name.prefix { $0 != ";" })
    }

    private mutating func convert() throws(ModelFileError) {
        guard node.outputs.count == 1, node.outputs[0] >= 0 else {
            throw fail(.invalid, "\(node.outputs.count) outputs", "one")
        }
        guard values[node.outputs[0]] == nil else {
            throw fail(.invalid, "a tensor that is written twice", "each tensor written once")
        }
        let result = try output()
        values[node.outputs[0]] = result
        if case .activation(let activation) = result {
            // The file states every shape; a contradiction would show up much later.
            let stated = model.tensors[node.outputs[0]].shape.filter { $0 != 1 }
            let dims = activation.pads == nil ? activation.dims : stated
            guard stated == dims.filter({ $0 != 1 }) else {
                throw fail(.invalid, "an output of shape \(stated)", "\(activation.dims)")
            }
        }
    }

    func has(_ index: Int) -> Bool { index < node.inputs.count && node.inputs[index] >= 0 }

    func value(_ index: Int) throws(ModelFileError) -> Value {
        guard has(index) else {
            throw fail(.invalid, "no input \(index)", "at least \(index + 1) inputs")
        }
        let number = node.inputs[index]
        if let value = values[number] { return value }
        guard model.tensors[number].data != nil else {
            throw fail(
                .invalid, "input '\(model.tensors[number].name)'",
                "constants, the network's input, or outputs of operators before this one")
        }
        return .constant(try tensor(number))
    }

    /// An input that the network computes.
    func input(_ index: Int = 0) throws(ModelFileError) -> Activation {
        let activation = try padded(index)
        guard activation.pads == nil else {
            throw fail("an input with padding by PAD", "PAD in front of a convolution")
        }
        return activation
    }

    func padded(_ index: Int = 0) throws(ModelFileError) -> Activation {
        guard case .activation(let activation) = try value(index) else {
            throw fail("constant input \(index)", "an input that the network computes")
        }
        return activation
    }

    func constant(_ index: Int) throws(ModelFileError) -> WeightTensor {
        guard case .constant(let constant) = try value(index) else {
            throw fail("input \(index) computed by the network", "a constant input \(index)")
        }
        return constant
    }

    func integers(_ index: Int) throws(ModelFileError) -> [Int] {
        try constant(index).numbers.map { Int(min(max($0, -0x1p31), 0x1p31)) }
    }
}
