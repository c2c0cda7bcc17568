// SPDX-License-Identifier: Apache-2.0

/// A network for windows run along time over a longer stretch: a row of outputs for every place that
/// the window may have, dense layers as convolutions, recurrent layers with their state carried on
/// from row to row, zeros above stateful windows only at the beginning. Nodes and their numbers are those of the window's network.
package struct UnrolledGraph: Sendable {
    /// Input `[frames][width][channels]`, output `[rows][1][classes]` without a softmax.
    package let graph: FloatGraph
    /// Frames that the first row sees, and frames from one row to the next.
    package let field: Int
    package let stride: Int
    package let recurrentInputs: [RecurrentInput]
    private let window: FloatGraph

    package var rows: Int { graph.shape(of: graph.output).image.height }

    /// The last frame that a row has seen.
    package func lastFrame(of row: Int) -> Int { row * stride + field - 1 }

    /// What a recurrent layer reads.
    package struct RecurrentInput: Sendable {
        package var name: String
        /// Frames that the first row sees, and frames from one row to the next.
        package var field: Int
        package var stride: Int
        /// Rows that a window has.
        package var rows: Int
    }

    /// A value of the window's network as it stands here.
    private struct Track {
        let value: ValueID
        /// Rows of the window that belong to one place, and what else a row holds.
        var rows: Int
        var width: Int
        var channels: Int
        /// Whether the window's network sees the image as a vector.
        var isFlat: Bool
        var field: Int
        var stride: Int
    }

    /// - Parameter frames: rows of the longer input.
    /// - Throws: `GraphError` naming the node that cannot be run along time: one that pads or reverses
    ///   time, or does not end in one row of classes; or if a window is longer than `frames`.
    package init(_ window: FloatGraph, frames: Int) throws(GraphError) {
        // Frames come first, whatever else there is.
        let extents = window.shape(of: window.input).extents + [1, 1]
        guard frames >= extents[0] else {
            throw GraphError(
                node: window.name,
                fact: "a window of \(extents[0]) frames in a sequence of \(frames)")
        }
        var graph = FloatGraph(
            name: window.name, inputName: window.values[window.input.index].name,
            inputShape: [frames, extents[1], extents[2]])
        var tracks = [
            window.input: Track(
                value: graph.input, rows: extents[0], width: extents[1], channels: extents[2],
                isFlat: false, field: 1, stride: 1)
        ]
        var last = window.input
        var recurrentInputs: [RecurrentInput] = []
        for node in window.nodes {
            if case .softmax = node.operation, node.output == window.output { break }
            let inputs = node.inputs.compactMap { tracks[$0] }
            guard let input = inputs.first, inputs.count == node.inputs.count else {
                throw GraphError(node: node.name, fact: "reads a value before it is written")
            }
            let (operation, track) = try Self.step(
                node, inputs, window.shape(of: node.output), graph.shape(of: input.value))
            let value = try graph.append(operation, name: node.name, inputs: inputs.map(\.value))
            if node.operation.recurrence != nil {
                recurrentInputs.append(
                    RecurrentInput(
                        name: node.name, field: input.field, stride: input.stride, rows: input.rows)
                )
            }
            let shape = graph.shape(of: value).image
            tracks[node.output] = Track(
                value: value, rows: track.rows, width: shape.width, channels: shape.channels,
                isFlat: track.isFlat, field: max(track.field, inputs.map(\.field).max() ?? 0),
                stride: input.stride * (node.operation.window?.strideHeight ?? 1))
            last = node.output
        }
        guard let end = tracks[last], end.rows == 1, end.width == 1 else {
            throw GraphError(
                node: window.name,
                fact: "ends in \(tracks[last]?.rows ?? 0) rows of a window; a loss a frame takes "
                    + "networks whose window ends in one")
        }
        self.graph = graph
        self.window = window
        self.recurrentInputs = recurrentInputs
        (field, stride) = (end.field, end.stride)
    }

    /// The window's network with the numbers of a network of this graph.
    package func windowed(_ trained: FloatGraph) -> FloatGraph {
        var result = window
        for (index, node) in trained.nodes.enumerated() {
            switch (result.nodes[index].operation, node.operation) {
            case (.dense, .convolution(_, let weights, let bias)):
                result.nodes[index].operation = .dense(weights: weights, bias: bias)
            case (.lstm(let old), .lstm(var lstm)):
                lstm.recurrence = old.recurrence
                result.nodes[index].operation = .lstm(lstm)
            case (.gru(let old), .gru(var gru)):
                gru.recurrence = old.recurrence
                result.nodes[index].operation = .gru(gru)
            case (.reshape, _), (.concatenate, _): break
            case (_, let operation): result.nodes[index].operation = operation
            }
        }
        return result
    }

    /// A node's operator here, and what becomes of its first input's track.
    ///
    /// - Parameters:
    ///   - output: the shape of what the node writes in the window's network.
    ///   - here: the shape of its first input in this one.
    private static func step(
        _ node: FloatGraph.Node, _ inputs: [Track], _ output: Shape, _ here: Shape
    ) throws(GraphError) -> (FloatOperator, Track) {
        var track = inputs[0]
        func refused(_ fact: String) -> GraphError {
            GraphError(node: node.name, fact: "\(fact); a loss a frame runs networks along time")
        }
        func slid(_ window: Window) throws(GraphError) {
            guard window.top == 0 || window.isStateful, window.bottom == 0 else {
                throw refused("pads time")
            }
            track.field += (window.kernelHeight - 1 - window.top) * track.stride
            track.rows = output.image.height
        }
        switch node.operation {
        case .convolution(let window, _, _), .depthwise(let window, _, _), .maxPool(let window),
            .averagePool(let window):
            try slid(window)
            return (node.operation, track)
        case .dense(let weights, let bias):
            let kernel = Window(kernel: (track.rows, track.width))
            track.field += (track.rows - 1) * track.stride
            (track.rows, track.isFlat) = (1, false)
            return (.convolution(kernel, weights: weights, bias: bias), track)
        case .lstm(var lstm):
            try check(lstm.recurrence, refused)
            if !lstm.recurrence.returnsSequence { track.rows = 1 }
            lstm.recurrence.returnsSequence = true
            return (.lstm(lstm), track)
        case .gru(var gru):
            try check(gru.recurrence, refused)
            if !gru.recurrence.returnsSequence { track.rows = 1 }
            gru.recurrence.returnsSequence = true
            return (.gru(gru), track)
        case .batchNorm, .affine:
            guard !track.isFlat else { throw refused("scales a flattened image") }
            return (node.operation, track)
        case .clip: return (node.operation, track)
        case .add:
            guard inputs.allSatisfy({ $0.rows == track.rows && $0.isFlat == track.isFlat }) else {
                throw refused("adds other rows")
            }
            return (node.operation, track)
        case .concatenate(let axis):
            // Vectors, one a place, or the columns or channels of images.
            let isVector = output.rank == 1
            guard inputs.allSatisfy({ !$0.isFlat && $0.rows == track.rows }),
                isVector ? track.rows == 1 : axis > 0 && output.rank == 3
            else { throw refused("joins times") }
            return (.concatenate(axis: isVector ? 2 : axis), track)
        case .reshape(let shape):
            if shape.rank == 1 {
                // Kept as an image; a dense layer's weights are in its order.
                track.isFlat = track.rows * track.width > 1
                return (.reshape(here), track)
            }
            guard shape.extents[0] == track.rows else { throw refused("reshapes time") }
            track.isFlat = false
            let row = shape.rank == 2 ? [1, shape.extents[1]] : Array(shape.extents[1...])
            return (.reshape(Shape([here.image.height] + row)), track)
        case .transpose: throw refused("turns an image")
        case .softmax: throw refused("a softmax inside the network")
        }
    }

    private static func check(
        _ recurrence: Recurrence, _ refused: (String) -> GraphError
    ) throws(GraphError) {
        guard !recurrence.isBackward else { throw refused("goes backward in time") }
    }
}
