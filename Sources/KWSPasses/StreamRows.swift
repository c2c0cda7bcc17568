// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Finds the first layers of a network that may run once a row of features (SPEC.md 4.5), with what a
/// decision computes then.
///
/// A row of their output depends on a window of rows, wherever the decision's window begins: these
/// layers look at no padding along time and leave out no row. Behind them anything may stand; it runs
/// once a decision on all rows that they have left.
package struct StreamRows: Sendable {
    /// Nil if no layer may, or none would compute less.
    package let streaming: Streaming?
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
        let least = hopRows ?? StreamRows.strides(of: graph)
        var found = StreamRows.extend(graph, hopRows: least)
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

    /// The product of the strides of all layers that might be streamed.
    private static func strides(of graph: QuantGraph) -> Int {
        var product = 1
        for (index, layer) in graph.layers.enumerated() {
            let output = graph.tensors[layer.output.index]
            guard obstacle(graph, index) == nil, output.height > 1 else { break }
            product *= layer.operation.window?.strideHeight ?? 1
        }
        return product
    }

    /// As many layers as possible.
    private static func extend(
        _ graph: QuantGraph, hopRows: Int
    ) -> (layers: Int, reason: String) {
        guard hopRows < graph.input.height else {
            return (
                0,
                "a decision every \(hopRows) rows of features finds all \(graph.input.height) of its"
                    + " window new"
            )
        }
        var new = hopRows
        for (index, layer) in graph.layers.enumerated() {
            if let obstacle = obstacle(graph, index) { return (index, obstacle) }
            let stride = layer.operation.window?.strideHeight ?? 1
            guard new % stride == 0 else {
                return (
                    index,
                    "\(layer.name) moves by \(stride) rows, and a decision brings \(new)"
                )
            }
            let height = graph.tensors[layer.output.index].height
            guard new / stride < height else {
                return (
                    index,
                    "\(layer.name) makes \(height == 1 ? "one row" : "\(height) rows"), all of them new at"
                        + " each decision"
                )
            }
            new /= stride
        }
        return (graph.layers.count - 1, "the last layer runs once a decision")
    }

    /// What keeps a layer from running row by row, beginning with its name.
    private static func obstacle(_ graph: QuantGraph, _ index: Int) -> String? {
        let layer = graph.layers[index]
        let before = index == 0 ? TensorID(0) : graph.layers[index - 1].output
        let (x, y) = (graph.tensors[before.index], graph.tensors[layer.output.index])
        guard layer.inputs == [before],
            !graph.layers.enumerated().contains(where: {
                $0.offset != index && $0.element.inputs.contains(before)
            })
        else { return "\(layer.name) stands where the network branches" }
        guard let window = layer.operation.window else {
            return "\(layer.name) (\(layer.operation.name)) looks at all rows of its input"
        }
        if window.top != 0 || window.bottom != 0 { return "\(layer.name) pads rows" }
        guard (y.height - 1) * window.strideHeight + window.kernelHeight == x.height else {
            return "\(layer.name) leaves out the last rows of its input"
        }
        return nil
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
