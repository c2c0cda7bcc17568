// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Builds a graph from a topology (JSON) and the tensors that it names.
///
/// `README.md` beside the built-in descriptions documents the format.
struct TopologyReader {
    private let root: JSONField
    let tensors: SafetensorsFile
    var builder: GraphBuilder
    /// Outputs of the layers so far, and the input, by name.
    private var values: [String: ValueID] = [:]
    private var last: ValueID
    private(set) var used = Set<String>()

    /// - Returns: the graph, and the names of the tensors that no layer uses, sorted.
    static func graph(
        _ root: JSONField, tensors: SafetensorsFile, name: String
    ) throws(ModelFileError) -> (graph: FloatGraph, unused: [String]) {
        let members = try root.object(allowed: ["input", "layers"])
        var shape: [Int] = []
        for extent in try members.required("input", of: root).array(1...3) {
            shape.append(try extent.integer(1...ModelFileLimits.elements))
        }
        var reader = TopologyReader(
            root: root, tensors: tensors,
            builder: try GraphBuilder(
                file: root.file, name: name, inputName: "input", inputShape: Shape(shape)))
        let layers = try members.required("layers", of: root).array(1...ModelFileLimits.nodes)
        for (index, layer) in layers.enumerated() { try reader.add(layer, index: index) }
        let unused = Set(tensors.entries.keys).subtracting(reader.used).sorted()
        return (try reader.builder.finished(output: reader.last), unused)
    }

    private init(root: JSONField, tensors: SafetensorsFile, builder: GraphBuilder) {
        self.root = root
        self.tensors = tensors
        self.builder = builder
        last = builder.graph.input
        values = ["input": last]
    }

    private static let common = ["kind", "name", "input", "activation"]
    private static let keys: [String: [String]] = [
        "convolution": ["weights", "axes", "bias", "stride", "padding", "batchNorm"],
        "depthwise": ["weights", "axes", "bias", "stride", "padding", "batchNorm"],
        "dense": ["weights", "axes", "bias", "batchNorm"],
        "lstm": recurrentKeys + ["forgetBias", "peepholes", "projection"],
        "gru": recurrentKeys + ["reset", "candidate"],
        "batchNorm": ["gamma", "beta", "mean", "variance", "epsilon"],
        "activation": [],
        "add": [],
        "concatenate": ["axis"],
        "maxPool": ["kernel", "stride", "padding"],
        "averagePool": ["kernel", "stride", "padding"],
        "globalAveragePool": [],
        "reshape": ["shape"],
        "flatten": [],
        "transpose": ["permutation"],
        "softmax": [],
    ]

    private mutating func add(_ layer: JSONField, index: Int) throws(ModelFileError) {
        guard let kindField = Dictionary(uniqueKeysWithValues: try layer.members())["kind"] else {
            throw layer.error("a layer with \"kind\"", found: "no \"kind\"")
        }
        let kind = try kindField.choice(Self.keys.keys.sorted())
        let members = try layer.object(allowed: Self.common + (Self.keys[kind] ?? []))
        let name = try members["name"]?.string() ?? "\(kind)\(index)"
        let inputs = try self.inputs(members["input"])
        var value = try layerOutput(
            kind, name: name, inputs: inputs, layer: layer, members: members)
        if let field = members["batchNorm"] {
            let norm = try batchNorm(
                field, try field.object(allowed: Self.keys["batchNorm"] ?? []))
            value = try builder.append(norm, name: "\(name)/batchNorm", value)
        }
        if let field = members["activation"], let clip = try activation(field) {
            value = try builder.append(clip, name: "\(name)/activation", value)
        } else if kind == "activation", members["activation"] == nil {
            throw layer.error("a layer with \"activation\"", found: "no \"activation\"")
        }
        guard values.updateValue(value, forKey: name) == nil else {
            throw layer.error("each layer name once", found: "a second layer '\(name)'")
        }
        last = value
    }

    private func inputs(_ field: JSONField?) throws(ModelFileError) -> [ValueID] {
        guard let field else { return [last] }
        let names: [JSONField]
        if case .array = field.value.content {
            names = try field.array(1...256)
        } else {
            names = [field]
        }
        var inputs: [ValueID] = []
        for name in names {
            guard let value = values[try name.string()] else {
                throw name.error("\"input\" or the name of a layer before this one")
            }
            inputs.append(value)
        }
        return inputs
    }

    private mutating func layerOutput(
        _ kind: String, name: String, inputs: [ValueID], layer: JSONField,
        members: [String: JSONField]
    ) throws(ModelFileError) -> ValueID {
        let shape = builder.shape(of: inputs[0])
        let operation: FloatOperator
        switch kind {
        case "convolution":
            let axes = try members.required("axes", of: layer)
            let w = try weights(members, layer, order: "ohwi")
            let window = try window(members, name, shape, kernel: (w.shape[1], w.shape[2]))
            let bias = try self.bias(members["bias"], count: w.shape[0])
            guard shape.extents.last == w.shape[3] else {
                throw axes.error(
                    "weights with \(shape.extents.last ?? 0) input channels",
                    found: "\(w.shape[3]) input channels in '\(w.name)'")
            }
            operation = .convolution(window, weights: w.numbers, bias: bias)
        case "depthwise":
            let w = try weights(members, layer, order: "hwcm")
            let window = try window(members, name, shape, kernel: (w.shape[0], w.shape[1]))
            let bias = try self.bias(members["bias"], count: w.shape[2] * w.shape[3])
            operation = .depthwise(window, weights: w.numbers, bias: bias)
        case "dense":
            let w = try weights(members, layer, order: "oi")
            let bias = try self.bias(members["bias"], count: w.shape[0])
            operation = .dense(weights: w.numbers, bias: bias)
        case "lstm", "gru":
            operation = try recurrent(kind, layer, members, shape)
        case "batchNorm":
            operation = try batchNorm(layer, members)
        case "activation":
            return inputs[0]
        case "add":
            operation = .add
        case "concatenate":
            let axis = try members["axis"]?.integer(0...2) ?? shape.rank - 1
            operation = .concatenate(axis: axis)
        case "maxPool", "averagePool":
            let kernel = try pair(try members.required("kernel", of: layer))
            let window = try window(members, name, shape, kernel: kernel)
            guard kind == "maxPool" || !window.hasPadding else {
                throw layer.error(
                    "an average pool without padding", found: "an average pool with padding")
            }
            operation = kind == "maxPool" ? .maxPool(window) : .averagePool(window)
        case "globalAveragePool":
            let image = shape.image
            operation = .averagePool(Window(kernel: (image.height, image.width)))
        case "reshape":
            var extents: [Int] = []
            for extent in try members.required("shape", of: layer).array(1...3) {
                extents.append(try extent.integer(1...4096))
            }
            operation = .reshape(Shape(extents))
        case "flatten":
            operation = .reshape([shape.elements])
        case "transpose":
            var axes: [Int] = []
            for axis in try members.required("permutation", of: layer).array(1...3) {
                axes.append(try axis.integer(0...2))
            }
            operation = .transpose(axes)
        default:
            operation = .softmax
        }
        return try builder.append(operation, name: name, inputs: inputs)
    }

    mutating func tensor(_ field: JSONField) throws(ModelFileError) -> WeightTensor {
        let name = try field.string()
        used.insert(name)
        return try tensors.tensor(name)
    }
}
