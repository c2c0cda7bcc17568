// SPDX-License-Identifier: Apache-2.0

/// A small ONNX model under construction; field numbers as in onnx.proto.
struct ONNXFile {
    enum Attribute {
        case integer(Int)
        case integers([Int])
        case float(Float)
        case text(String)
        case texts([String])
    }

    var opset = 17
    var inputName = "x"
    var input: [Int?]
    var outputName = "y"
    private var nodes: [[UInt8]] = []
    private var tensors: [[UInt8]] = []

    init(input: [Int?]) { self.input = input }

    mutating func node(
        _ operation: String, _ inputs: [String], _ output: String,
        _ attributes: KeyValuePairs<String, Attribute> = [:]
    ) {
        nodes.append(
            ProtobufWriter.message { node in
                for input in inputs { node.text(1, input) }
                node.text(2, output)
                node.text(3, "node-\(output)")
                node.text(4, operation)
                for (name, value) in attributes {
                    node.message(5) { attribute in
                        attribute.text(1, name)
                        switch value {
                        case .integer(let i): attribute.integer(3, i)
                        case .integers(let all): for i in all { attribute.integer(8, i) }
                        case .float(let f): attribute.float(2, f)
                        case .text(let t): attribute.text(4, t)
                        case .texts(let all): for t in all { attribute.text(9, t) }
                        }
                    }
                }
            })
    }

    /// An initializer with raw data.
    mutating func tensor(_ name: String, _ shape: [Int], _ numbers: [Float]) {
        tensor(
            name, shape, type: 1,
            raw: numbers.flatMap { ProtobufWriter.littleEndian($0.bitPattern) })
    }

    mutating func tensor(_ name: String, integers: [Int]) {
        tensor(
            name, [integers.count], type: 7,
            raw: integers.flatMap { ProtobufWriter.littleEndian(Int64($0)) })
    }

    mutating func tensor(_ name: String, _ shape: [Int], type: Int, raw: [UInt8]) {
        tensors.append(
            ProtobufWriter.message { tensor in
                for extent in shape { tensor.integer(1, extent) }
                tensor.integer(2, type)
                tensor.text(8, name)
                tensor.data(9, raw)
            })
    }

    /// A float tensor whose numbers lie in another file.
    mutating func externalTensor(_ name: String, _ shape: [Int], location: String, offset: Int) {
        tensors.append(
            ProtobufWriter.message { tensor in
                for extent in shape { tensor.integer(1, extent) }
                tensor.integer(2, 1)
                tensor.text(8, name)
                for (key, value) in [("location", location), ("offset", "\(offset)")] {
                    tensor.message(13) { entry in
                        entry.text(1, key)
                        entry.text(2, value)
                    }
                }
                tensor.integer(14, 1)
            })
    }

    var bytes: [UInt8] {
        ProtobufWriter.message { model in
            model.integer(1, 8)
            model.message(7) { graph in
                for node in nodes { graph.data(1, node) }
                graph.text(2, "test")
                for tensor in tensors { graph.data(5, tensor) }
                graph.message(11) { Self.value(&$0, inputName, input) }
                graph.message(12) { Self.value(&$0, outputName, []) }
            }
            model.message(8) { $0.integer(2, opset) }
        }
    }

    private static func value(_ value: inout ProtobufWriter, _ name: String, _ dims: [Int?]) {
        value.text(1, name)
        value.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, 1)
                tensor.message(2) { shape in
                    for extent in dims {
                        shape.message(1) { dim in
                            if let extent { dim.integer(1, extent) } else { dim.text(2, "batch") }
                        }
                    }
                }
            }
        }
    }
}
