// SPDX-License-Identifier: Apache-2.0

/// The messages of an ONNX file under construction; field and type numbers are those of onnx.proto.
struct ONNXGraphMessage: Sendable {
    typealias Attributes = [(name: String, value: Attribute)]

    enum Attribute: Sendable {
        case integer(Int)
        case integers([Int])
        case float(Float)
        case text(String)
        case texts([String])
    }

    /// Version of the file format that came with operator set 13.
    private static let formatVersion = 7
    static let operatorSet = 13

    private enum ElementType {
        static let float = 1
        static let int64 = 7
    }

    private var nodes: [ProtobufMessage] = []
    private var initializers: [ProtobufMessage] = []
    private var nodeNames = UniqueNames()
    private var tensorNames = UniqueNames()

    /// A name for a tensor that no other has; an empty one would mean "none".
    mutating func tensorName(_ name: String) -> String {
        tensorNames.take(name.isEmpty ? "tensor" : name)
    }

    /// Adds a node behind all others; empty inputs are left out.
    ///
    /// - Parameter slot: the number of the output; those before it are left out.
    mutating func node(
        _ operation: String, _ inputs: [String], output: String, slot: Int = 0, name: String,
        _ attributes: Attributes = []
    ) {
        var node = ProtobufMessage()
        for input in inputs { node.add(1, input) }
        for _ in 0..<slot { node.add(2, "") }
        node.add(2, output)
        node.add(3, nodeNames.take(name.isEmpty ? operation : name))
        node.add(4, operation)
        for (name, value) in attributes {
            node.add(5) { attribute in
                attribute.add(1, name)
                switch value {
                case .float(let number):
                    attribute.add(2, number)
                    attribute.add(20, 1)
                case .integer(let number):
                    attribute.add(3, number)
                    attribute.add(20, 2)
                case .integers(let numbers):
                    for number in numbers { attribute.add(8, number) }
                    attribute.add(20, 7)
                case .text(let text):
                    attribute.add(4, text)
                    attribute.add(20, 3)
                case .texts(let texts):
                    for text in texts { attribute.add(9, text) }
                    attribute.add(20, 8)
                }
            }
        }
        nodes.append(node)
    }

    /// Adds a constant of floats and returns its name.
    mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Float]) -> String {
        constant(
            name, shape, ElementType.float,
            ProtobufMessage.littleEndian(numbers.map(\.bitPattern)))
    }

    /// Adds a constant vector of integers and returns its name.
    mutating func constant(_ name: String, integers: [Int]) -> String {
        constant(
            name, [integers.count], ElementType.int64,
            ProtobufMessage.littleEndian(integers.map(Int64.init)))
    }

    private mutating func constant(
        _ name: String, _ shape: [Int], _ elementType: Int, _ data: [UInt8]
    ) -> String {
        let name = tensorName(name)
        var tensor = ProtobufMessage()
        for extent in shape { tensor.add(1, extent) }
        tensor.add(2, elementType)
        tensor.add(8, name)
        tensor.add(9, data)
        initializers.append(tensor)
        return name
    }

    /// The file with one input and one output.
    func file(
        named name: String, input: (name: String, shape: [Int]),
        output: (name: String, shape: [Int])
    ) -> [UInt8] {
        var model = ProtobufMessage()
        model.add(1, Self.formatVersion)
        model.add(2, "libkws")
        model.add(7) { graph in
            for node in nodes { graph.add(1, node) }
            graph.add(2, name.isEmpty ? "graph" : name)
            for tensor in initializers { graph.add(5, tensor) }
            graph.add(11, Self.valueInfo(input.name, input.shape))
            graph.add(12, Self.valueInfo(output.name, output.shape))
        }
        model.add(8) { operators in
            operators.add(1, "")
            operators.add(2, Self.operatorSet)
        }
        return model.bytes
    }

    private static func valueInfo(_ name: String, _ shape: [Int]) -> ProtobufMessage {
        var value = ProtobufMessage()
        value.add(1, name)
        value.add(2) { type in
            type.add(1) { tensor in
                tensor.add(1, ElementType.float)
                tensor.add(2) { dims in
                    for extent in shape { dims.add(1) { $0.add(1, extent) } }
                }
            }
        }
        return value
    }
}
