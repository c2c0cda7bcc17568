// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Finds the first layers of a network that may run once a row of features (SPEC.md 4.5), with what a
/// decision computes then.
///
/// A row of their output depends on a window of rows, wherever the decision's window begins: these
/// layers leave out no row, and above its first one they look at rows that came before. Behind them
/// anything may stand; it runs once a decision on all rows of one tensor that they have left.
package struct StreamRows: Sendable {
    /// Nil if no layer may, or none would compute less.
    package let streaming: Streaming?
    /// Layers 0 ..< needed go on from rows that came before a window, or make these: no window says what
    /// they compute.
    package let needed: Int
    /// Why the layer behind runs on the whole window, beginning with its name.
    package let reason: String
    /// Products and elements of pools that a decision takes when the whole window is computed, and
    /// when rows are kept.
    package let windowOperations: Int
    package let operations: Int

    /// - Parameters:
    ///   - hopRows: rows of features from one decision to the next; nil: as few as the strides of the
    ///     layers allow.
    ///   - frontEnd: the frames of a window, and whether they depend on its largest sample.
    package init(
        _ graph: QuantGraph, hopRows: Int?, frontEnd: (frames: Int, isNormalised: Bool)? = nil
    ) {
        needed =
            (graph.layers.lastIndex { $0.operation.window?.isStateful == true }).map { $0 + 1 } ?? 0
        let least = hopRows ?? StreamRows.pace(of: graph, needed: needed)
        var found = StreamRows.extend(graph, hopRows: least, needed: needed)
        if frontEnd?.isNormalised == true {
            found = (0, "the front end divides all rows by the largest sample of the window")
        } else if let frames = frontEnd?.frames, frames != graph.input.height {
            found = (0, "the network takes all \(frames) frames as one row")
        }
        windowOperations = graph.layers.reduce(0) { $0 + graph.operations(of: $1) }
        reason = found.reason
        guard found.layers > 0 else {
            (streaming, operations) = (nil, windowOperations)
            return
        }
        let streaming = Streaming(layers: found.layers, hopRows: least)
        let rows = streaming.newRows(graph)
        operations = graph.layers.enumerated().reduce(0) { sum, item in
            let all = graph.operations(of: item.element)
            let height = graph.tensors[item.element.output.index].height
            return sum
                + (item.offset < found.layers ? all / height * rows[item.offset + 1] : all)
        }
        self.streaming = streaming
    }

    /// Rows of features that bring a row of each tensor, as far as layers might be streamed.
    private static func pace(of graph: QuantGraph, needed: Int) -> Int {
        var paces = [1]
        for (index, layer) in graph.layers.enumerated() {
            guard obstacle(graph, index) == nil,
                graph.tensors[layer.output.index].height > 1 || index < needed
            else { break }
            let stride = layer.operation.window?.strideHeight ?? 1
            paces.append(paces[layer.inputs[0].index] * stride)
        }
        return paces.max() ?? 1
    }

    /// As many layers as possible.
    private static func extend(
        _ graph: QuantGraph, hopRows: Int, needed: Int
    ) -> (layers: Int, reason: String) {
        let height = graph.input.height
        guard hopRows < height || needed > 0 && hopRows == height else {
            return (
                0,
                "a decision every \(hopRows) rows of features finds all \(height) of its window new"
            )
        }
        var new = [hopRows]
        var reason = "the last layer runs once a decision"
        // The first layer that would compute no less.
        var idle: Int?
        for (index, layer) in graph.layers.enumerated() {
            if let found = obstacle(graph, index) ?? delay(graph, index, new, needed: needed) {
                reason = found
                break
            }
            let rows = new[layer.inputs[0].index] / (layer.operation.window?.strideHeight ?? 1)
            if idle == nil, index >= needed, rows >= graph.tensors[layer.output.index].height {
                idle = index
            }
            new.append(rows)
        }
        // One tensor crosses: what the last of them makes.
        let most = min(new.count - 1, graph.layers.count - 1)
        let ends = (0...most).filter { end in
            graph.layers[end].inputs[0].index == end
                && graph.layers[end...].allSatisfy { $0.inputs.allSatisfy { $0.index >= end } }
        }
        let end =
            ends.last { $0 >= needed && $0 <= idle ?? most } ?? ends.first { $0 >= needed }
            ?? ends.last ?? 0
        if let idle, end <= idle { reason = allNew(graph, idle) }
        if end < idle ?? most {
            reason = "\(graph.layers[end].name) stands where the network branches, and \(reason)"
        }
        return (end, reason)
    }

    /// What keeps a layer from running row by row, beginning with its name.
    private static func obstacle(_ graph: QuantGraph, _ index: Int) -> String? {
        let layer = graph.layers[index]
        if case .add = layer.operation, layer.output.index == index + 1 { return nil }
        guard let window = layer.operation.window, layer.output.index == index + 1 else {
            return "\(layer.name) (\(layer.operation.name)) looks at all rows of its input"
        }
        if (window.top != 0 && !window.isStateful) || window.bottom != 0 {
            return "\(layer.name) pads rows"
        }
        let (x, y) = (
            graph.tensors[layer.inputs[0].index].height, graph.tensors[layer.output.index].height
        )
        guard (y - 1) * window.strideHeight + window.kernelHeight == x + window.top else {
            let least = window.kernelHeight - window.top
            return
                "\(layer.name) leaves out the last of \(x) rows of its input; it would stand on \(least)"
                + " and a multiple of \(window.strideHeight) more"
        }
        return nil
    }

    /// What of the rows that a decision brings to each tensor keeps a layer from it.
    private static func delay(
        _ graph: QuantGraph, _ index: Int, _ new: [Int], needed: Int
    ) -> String? {
        let layer = graph.layers[index]
        let rows = layer.inputs.map { new[$0.index] }
        let stride = layer.operation.window?.strideHeight ?? 1
        guard rows.allSatisfy({ $0 == rows[0] }) else {
            return "\(layer.name) adds rows that come at different times"
        }
        guard rows[0] % stride == 0 else {
            return "\(layer.name) moves by \(stride) rows, and a decision brings \(rows[0])"
        }
        let height = graph.tensors[layer.output.index].height
        guard rows[0] / stride <= height else {
            return index >= needed
                ? allNew(graph, index)
                : "\(layer.name) makes \(height) rows of a window, and a decision brings"
                    + " \(rows[0] / stride)"
        }
        return nil
    }

    private static func allNew(_ graph: QuantGraph, _ index: Int) -> String {
        let height = graph.tensors[graph.layers[index].output.index].height
        return
            "\(graph.layers[index].name) makes \(height == 1 ? "one row" : "\(height) rows"), all of"
            + " them new at each decision"
    }
}

extension QuantGraph {
    /// Products of weights and inputs, or elements that a layer without weights looks at.
    package func operations(of layer: Layer) -> Int {
        let (x, y) = (tensors[layer.inputs[0].index], tensors[layer.output.index])
        return switch layer.operation {
        case .convolution(let window, _, _): y.elements * window.taps * x.channels
        case .pointwise: y.elements * x.channels
        case .depthwise(let window, _, _), .maxPool(let window), .averagePool(let window, _):
            y.elements * window.taps
        case .dense(let weights, _): weights.count
        case .recurrent(let recurrence): recurrence.weights.count * x.height
        default: x.elements
        }
    }
}
