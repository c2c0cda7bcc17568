// SPDX-License-Identifier: Apache-2.0

/// Protobuf bytes to `ONNXModel`; field numbers as in onnx.proto.
struct ONNXParser {
    private let source: FileBytes
    private var model = ONNXModel()
    /// Files with external weights, by the location that the model gives.
    private var external: [String: FileBytes] = [:]

    /// - Returns: the model, and the files with its external weights in the order of their names.
    static func parse(
        _ source: FileBytes
    ) throws(ModelFileError) -> (model: ONNXModel, external: [FileBytes]) {
        var parser = ONNXParser(source: source)
        try parser.parseModel()
        return (
            parser.model,
            parser.external.sorted { $0.key < $1.key }.map(\.value)
        )
    }

    private init(source: FileBytes) { self.source = source }

    private mutating func parseModel() throws(ModelFileError) {
        var reader = ByteReader(source)
        var graphs = 0
        while let field = try reader.field(of: "ModelProto") {
            switch field.number {
            case 7:
                graphs += 1
                try parseGraph(try field.reader(for: "graph"))
            case 8:
                try parseOperatorSet(try field.reader(for: "opset_import"))
            default: break
            }
        }
        guard graphs == 1 else {
            throw ModelFileError(
                file: source.name, place: "ModelProto", found: "\(graphs) graphs", allowed: "one")
        }
    }

    private mutating func parseOperatorSet(_ message: ByteReader) throws(ModelFileError) {
        var message = message
        var domain = ""
        var version = 0
        while let field = try message.field(of: "opset_import") {
            switch field.number {
            case 1: domain = try field.text(for: "opset_import.domain")
            case 2: version = try field.integer(for: "opset_import.version")
            default: break
            }
        }
        if domain.isEmpty || domain == "ai.onnx" { model.opset = version }
    }

    private mutating func parseGraph(_ message: ByteReader) throws(ModelFileError) {
        var message = message
        while let field = try message.field(of: "GraphProto") {
            switch field.number {
            case 1:
                model.nodes.append(try node(try field.reader(for: "node")))
            case 5:
                let tensor = try tensor(try field.reader(for: "initializer"))
                guard model.initializers.updateValue(tensor, forKey: tensor.name) == nil else {
                    throw ModelFileError(
                        file: source.name, place: "byte \(field.offset), initializer",
                        found: "a second tensor '\(tensor.name)'", allowed: "each name once")
                }
            case 11:
                model.inputs.append(try valueInfo(try field.reader(for: "input")))
            case 12:
                model.outputs.append(try valueInfo(try field.reader(for: "output")))
            case 15:
                throw ModelFileError(
                    .unsupported, file: source.name, place: "byte \(field.offset), graph",
                    found: "a sparse initializer", allowed: "dense initializers")
            default: break
            }
            guard model.nodes.count <= ModelFileLimits.nodes,
                model.initializers.count <= ModelFileLimits.tensors,
                model.inputs.count <= ModelFileLimits.tensors
            else {
                throw ModelFileError(
                    .tooLarge, file: source.name, place: "byte \(field.offset), graph",
                    found: "too many nodes or tensors",
                    allowed: "\(ModelFileLimits.nodes) at most")
            }
        }
    }

    private mutating func node(_ message: ByteReader) throws(ModelFileError) -> ONNXModel.Node {
        var message = message
        var node = ONNXModel.Node()
        while let field = try message.field(of: "NodeProto") {
            switch field.number {
            case 1: node.inputs.append(try field.text(for: "node.input"))
            case 2: node.outputs.append(try field.text(for: "node.output"))
            case 3: node.name = try field.text(for: "node.name")
            case 4: node.operation = try field.text(for: "node.op_type")
            case 5:
                let attribute = try attribute(try field.reader(for: "node.attribute"))
                node.attributes[attribute.name] = attribute
            case 7: node.domain = try field.text(for: "node.domain")
            default: break
            }
        }
        if node.name.isEmpty { node.name = node.outputs.first ?? node.operation }
        return node
    }

    private mutating func attribute(
        _ message: ByteReader
    ) throws(ModelFileError) -> ONNXModel.Attribute {
        var message = message
        var result = ONNXModel.Attribute(name: "")
        while let field = try message.field(of: "AttributeProto") {
            switch field.number {
            case 1: result.name = try field.text(for: "attribute.name")
            case 2: result.float = try field.float(for: "attribute.f")
            case 3: result.integer = try field.integer(for: "attribute.i")
            // Strings of other operators need not be text: their error is the operator's.
            case 4: result.text = try? field.text(for: "attribute.s")
            case 5: result.tensor = try tensor(try field.reader(for: "attribute.t"))
            case 7:
                let raw = try field.fixed(for: "attribute.floats")
                result.floats += NumberType.float32.doubles(raw[...])
            case 8: result.integers += try field.integers(for: "attribute.ints")
            case 9: result.texts.append((try? field.text(for: "attribute.strings")) ?? "")
            default: break
            }
        }
        return result
    }

    private func valueInfo(_ message: ByteReader) throws(ModelFileError) -> ONNXModel.ValueInfo {
        var message = message
        var info = ONNXModel.ValueInfo(name: "", dims: [])
        while let field = try message.field(of: "ValueInfoProto") {
            switch field.number {
            case 1: info.name = try field.text(for: "value.name")
            case 2:
                var type = try field.reader(for: "value.type")
                while let field = try type.field(of: "TypeProto") {
                    guard field.number == 1 else { continue }
                    info.dims = try shape(try field.reader(for: "type.tensor_type"))
                }
            default: break
            }
        }
        return info
    }

    private func shape(_ tensorType: ByteReader) throws(ModelFileError) -> [Int?] {
        var tensorType = tensorType
        var dims: [Int?] = []
        while let field = try tensorType.field(of: "TypeProto.Tensor") {
            guard field.number == 2 else { continue }
            var shape = try field.reader(for: "tensor_type.shape")
            while let field = try shape.field(of: "TensorShapeProto") {
                guard field.number == 1 else { continue }
                var dim = try field.reader(for: "shape.dim")
                var extent: Int?
                while let field = try dim.field(of: "Dimension") {
                    if field.number == 1 { extent = try field.integer(for: "dim_value") }
                }
                dims.append(extent)
            }
        }
        return dims
    }

    private mutating func tensor(_ message: ByteReader) throws(ModelFileError) -> ONNXConstant {
        let record = try ONNXTensorRecord(message)
        guard let location = record.external["location"], record.isExternal else {
            return try record.constant(external: nil)
        }
        if external[location] == nil {
            external[location] = try ONNXTensorRecord.externalFile(
                location, model: source.name, tensor: record.name)
        }
        return try record.constant(external: external[location])
    }
}
