// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Writes a channels-last graph as an ONNX file: batch 1, all weights inside; the same graph gives
/// the same bytes.
///
/// Input and output are the graph's with a batch axis of 1 in front. In between, operators that
/// need it see channels first, `[1, channels, height, width]`; values stay so until an operator
/// needs the graph's own order of elements.
package struct ONNXWriter {
    /// A tensor of the file that holds a value: its axes behind the batch axis as axes of the
    /// value.
    private struct Tensor {
        var name: String
        var order: [Int]
    }

    let graph: FloatGraph
    var message = ONNXGraphMessage()
    /// The tensors of each value, the one that its node writes first.
    private var tensors: [[Tensor]] = []
    /// The name of each value's first tensor.
    private var names: [String] = []

    /// The file of a graph.
    ///
    /// - Requires: `graph.verify()` passes.
    package static func bytes(of graph: FloatGraph) -> [UInt8] {
        var writer = ONNXWriter(graph)
        return writer.file()
    }

    /// Writes the file whole or not at all, whatever happens on the way.
    ///
    /// - Requires: `graph.verify()` passes.
    package static func write(_ graph: FloatGraph, to path: String) throws(ModelFileError) {
        try WholeFile.write(bytes(of: graph), to: path)
    }

    private init(_ graph: FloatGraph) {
        self.graph = graph
        names = graph.values.map { message.tensorName($0.name) }
        tensors = Array(repeating: [], count: graph.values.count)
        tensors[graph.input.index] = [
            Tensor(name: names[graph.input.index], order: plain(graph.input))
        ]
    }

    private mutating func file() -> [UInt8] {
        for node in graph.nodes { add(node) }
        var output = tensor(graph.output, plain(graph.output))
        if graph.output == graph.input {
            let source = output
            output = message.tensorName("output")
            message.node("Identity", [source], output: output, name: output)
        }
        return message.file(
            named: graph.name,
            input: (names[graph.input.index], [1] + graph.shape(of: graph.input).extents),
            output: (output, [1] + graph.shape(of: graph.output).extents))
    }

    /// The graph's own order of a value's axes: channels last.
    func plain(_ value: ValueID) -> [Int] { Array(0..<graph.shape(of: value).rank) }

    func channelsFirst(_ value: ValueID) -> [Int] {
        let axes = plain(value)
        return axes.suffix(1) + axes.dropLast()
    }

    /// The order in which a value's node wrote it.
    func order(_ value: ValueID) -> [Int] { tensors[value.index][0].order }

    /// The tensor with a value's axes in an order, transposed only once for all readers.
    mutating func tensor(_ value: ValueID, _ order: [Int]) -> String {
        if let known = tensors[value.index].first(where: { $0.order == order }) {
            return known.name
        }
        let name = message.tensorName("\(graph.values[value.index].name)/transpose")
        transpose(value, to: order, output: name, name: name)
        tensors[value.index].append(Tensor(name: name, order: order))
        return name
    }

    /// Adds the node that brings a value's axes into an order.
    mutating func transpose(_ value: ValueID, to order: [Int], output: String, name: String) {
        let source = tensors[value.index][0]
        let permutation = order.map { axis in 1 + (source.order.firstIndex(of: axis) ?? 0) }
        message.node(
            "Transpose", [source.name], output: output, name: name,
            [("perm", .integers([0] + permutation))])
    }

    /// A tensor that holds the value's elements in the graph's order, under whatever axes.
    mutating func inMemoryOrder(_ value: ValueID) -> String {
        let extents = graph.shape(of: value).extents
        let source = tensors[value.index][0]
        let long = source.order.filter { extents[$0] > 1 }
        return long == long.sorted() ? source.name : tensor(value, plain(value))
    }

    /// The value as `[1, elements]`.
    mutating func flat(_ value: ValueID) -> String {
        let shape = graph.shape(of: value)
        guard shape.rank > 1 else { return tensor(value, plain(value)) }
        let source = inMemoryOrder(value)
        let name = message.tensorName("\(graph.values[value.index].name)/flat")
        reshape(source, [shape.elements], output: name, name: name)
        return name
    }

    /// Adds a node that gives a tensor other axes behind the batch axis.
    mutating func reshape(_ source: String, _ extents: [Int], output: String, name: String) {
        let shape = message.constant("\(name).shape", integers: [1] + extents)
        message.node("Reshape", [source, shape], output: output, name: name)
    }

    /// The tensor that a node writes, with its axes in an order.
    mutating func result(_ node: FloatGraph.Node, _ order: [Int]) -> String {
        let name = names[node.output.index]
        tensors[node.output.index] = [Tensor(name: name, order: order)]
        return name
    }
}
