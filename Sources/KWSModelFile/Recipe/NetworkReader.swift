// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Builds a network without trained weights: `{"input": [49, 10, 1], "layers": [...]}` as a topology,
/// but with extents where that has names of tensors. `README.md` beside the built-in descriptions
/// documents the keys.
struct NetworkReader {
    var builder: GraphBuilder
    private(set) var last: ValueID
    /// What the layers make, by name.
    private var made: [String: ValueID] = [:]

    static func model(
        _ root: JSONField, description: DescriptionFile, source: FileBytes
    ) throws(ModelFileError) -> LoadedModel {
        let members = try root.object(allowed: ["input", "layers"])
        var shape: [Int] = []
        for extent in try members.required("input", of: root).array(1...3) {
            shape.append(try extent.integer(1...ModelFileLimits.elements))
        }
        let builder = try GraphBuilder(
            file: root.file, name: description.name ?? "model", inputName: "input",
            inputShape: Shape(shape))
        var reader = NetworkReader(builder: builder, last: builder.graph.input)
        let layers = try members.required("layers", of: root).array(1...ModelFileLimits.nodes)
        for (index, layer) in layers.enumerated() { try reader.add(layer, index: index) }
        var graph = try reader.builder.finished(output: reader.last)
        let bound = try description.bind(to: &graph, name: graph.name)
        return LoadedModel(
            graph: graph, description: bound, sourceHash: FileBytes.checksum(of: [source]),
            notes: [])
    }

    private static let keys: [String: [String]] = [
        "convolution": ["outputs", "kernel", "stride", "padding"],
        "depthwise": ["kernel", "stride", "padding"],
        "add": ["with"],
        "context": ["frames"],
        "dense": ["outputs"],
        "lstm": ["units", "direction", "sequence", "peepholes", "projection"],
        "gru": ["units", "direction", "sequence", "reset", "candidate"],
        "maxPool": ["kernel", "stride", "padding"],
        "averagePool": ["kernel", "stride"],
        "globalAveragePool": [],
        "flatten": [],
    ]

    private mutating func add(_ layer: JSONField, index: Int) throws(ModelFileError) {
        guard let kindField = Dictionary(uniqueKeysWithValues: try layer.members())["kind"] else {
            throw layer.error("a layer with \"kind\"", found: "no \"kind\"")
        }
        let kind = try kindField.choice(Self.keys.keys.sorted())
        let hasWeights = ["convolution", "depthwise", "dense", "lstm", "gru"].contains(kind)
        let members = try layer.object(
            allowed: ["kind", "name"] + (hasWeights ? ["batchNorm"] : [])
                + (hasWeights || kind == "add" ? ["activation"] : [])
                + (Self.keys[kind] ?? []))
        let name = try members["name"]?.string() ?? "\(kind)\(index)"
        let shape = builder.graph.shape(of: last)
        if kind == "lstm" || kind == "gru" {
            last = try recurrent(kind, name, members, layer)
        } else if kind == "add" {
            let field = try members.required("with", of: layer)
            let other = try field.string()
            guard let value = made[other], builder.graph.shape(of: value) == shape else {
                throw field.error(
                    "an earlier layer that makes \(shape)",
                    found: made[other].map { "\(builder.graph.shape(of: $0))" } ?? "'\(other)'")
            }
            last = try builder.append(.add, name: name, last, value)
        } else {
            last = try builder.append(
                try operation(kind, shape, members, layer), name: name, last)
        }
        let outputs = builder.graph.shape(of: last).extents.last ?? 1
        if try members["batchNorm"]?.bool() ?? false {
            let ones = Array(repeating: Float(1), count: outputs)
            let zeros = Array(repeating: Float(0), count: outputs)
            last = try builder.append(
                .batchNorm(
                    BatchNorm(gamma: ones, beta: zeros, mean: zeros, variance: ones, epsilon: 1e-5)
                ), name: "\(name)/batchNorm", last)
        }
        switch try members["activation"]?.choice(["none", "relu", "relu6"]) {
        case "relu":
            last = try builder.append(
                .clip(lower: 0, upper: .infinity), name: "\(name)/activation", last)
        case "relu6":
            last = try builder.append(.clip(lower: 0, upper: 6), name: "\(name)/activation", last)
        default: break
        }
        made[name] = last
    }

    func zeros(_ count: Int, _ layer: JSONField) throws(ModelFileError) -> [Float] {
        guard count <= ModelFileLimits.elements else {
            throw layer.error("at most \(ModelFileLimits.elements) weights", found: "\(count)")
        }
        return Array(repeating: 0, count: count)
    }

    private func operation(
        _ kind: String, _ shape: Shape, _ members: [String: JSONField], _ layer: JSONField
    ) throws(ModelFileError) -> FloatOperator {
        let (height, width, channels) = shape.image
        func zeros(_ count: Int) throws(ModelFileError) -> [Float] { try self.zeros(count, layer) }
        switch kind {
        case "dense":
            let outputs = try members.required("outputs", of: layer).integer(1...65_534)
            return .dense(weights: try zeros(outputs * shape.elements), bias: try zeros(outputs))
        case "context":
            guard shape.rank == 3, channels == 1 else {
                throw layer.error("an input of one channel", found: "an input \(shape)")
            }
            return .context(
                rows: try members.required("frames", of: layer).integer(
                    2...min(255, max(2, height))))
        case "flatten": return .reshape([shape.elements])
        case "globalAveragePool": return .averagePool(Window(kernel: (height, width)))
        default: break
        }
        let window = try window(members, layer, height: height, width: width)
        switch kind {
        case "convolution":
            let outputs = try members.required("outputs", of: layer).integer(1...65_534)
            return .convolution(
                window, weights: try zeros(outputs * window.taps * channels),
                bias: try zeros(outputs))
        case "depthwise":
            return .depthwise(
                window, weights: try zeros(window.taps * channels), bias: try zeros(channels))
        case "maxPool": return .maxPool(window)
        default: return .averagePool(window)
        }
    }

    private func window(
        _ members: [String: JSONField], _ layer: JSONField, height: Int, width: Int
    ) throws(ModelFileError) -> Window {
        func pair(_ field: JSONField) throws(ModelFileError) -> (Int, Int) {
            let items = try field.array(2...2)
            return (try items[0].integer(1...65_534), try items[1].integer(1...65_534))
        }
        let kernel = try pair(try members.required("kernel", of: layer))
        let stride = try members["stride"].map(pair) ?? (1, 1)
        let padding = try members["padding"]?.choice(["same", "causal", "valid"]) ?? "valid"
        guard padding != "valid" else { return Window(kernel: kernel, stride: stride) }
        var rows = Padding.same.zeros(extent: height, kernel: kernel.0, stride: stride.0)
        if padding == "causal" { rows = (rows.before + rows.after, 0) }
        let columns = Padding.same.zeros(extent: width, kernel: kernel.1, stride: stride.1)
        return Window(
            kernel: kernel, stride: stride,
            padding: (rows.before, rows.after, columns.before, columns.after))
    }
}
