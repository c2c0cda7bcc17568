// SPDX-License-Identifier: Apache-2.0

package import KWSGraph
internal import KWSPasses

/// A network whose layers go on from the states and rows of the last decision, and the same network run
/// along a sequence, which says what its states are like.
package struct StatefulGraph {
    package let graph: FloatGraph
    /// Frames from one decision to the next; nil where these are fed and no layer is recurrent.
    package let hops: Int?
    private let sequence: UnrolledGraph

    /// - Parameters:
    ///   - hops: frames from one decision to the next; nil where features are fed.
    ///   - frames: of a sequence to calibrate on.
    /// - Throws: `GraphError` if no layer goes on from anything, one goes backward or pads below, or a
    ///   window has other frames than those that bring a recurrent layer as many new steps as it has.
    package init(_ window: FloatGraph, hops: Int?, frames: Int) throws(GraphError) {
        graph = window.stateful
        guard graph.isStateful else {
            throw GraphError(
                node: graph.name,
                fact: "stateful, and no layer is an LSTM or a GRU, or pads only above its rows")
        }
        let window = graph.shape(of: graph.input).extents[0]
        sequence = try UnrolledGraph(graph, frames: max(frames, window))
        if let hops {
            for layer in sequence.recurrentInputs {
                guard let allowed = StatefulGraph.whatFits(layer, window: window, hops: hops) else {
                    continue
                }
                throw GraphError(
                    node: layer.name,
                    fact:
                        "stateful, with windows of \(window) frames and a decision every \(hops), "
                        + "so that steps are left out or taken twice; allowed is \(allowed)")
            }
        }
        self.hops = hops ?? sequence.recurrentInputs.first.map { $0.rows * $0.stride }
    }

    /// What would bring a layer each step once; nil if it is so.
    private static func whatFits(
        _ layer: UnrolledGraph.RecurrentInput, window: Int, hops: Int
    ) -> String? {
        guard hops % layer.stride == 0 else {
            return "decisions after multiples of \(layer.stride)"
        }
        let frames = layer.field + hops - layer.stride
        if window != frames { return "a window of \(frames)" }
        return layer.rows == hops / layer.stride
            ? nil : "a layer that reads all \(hops / layer.stride) steps, not \(layer.rows)"
    }

    /// Ranges and moments of the window's network along sequences of features.
    func calibration(inputs: [[Float]], advance: @Sendable () -> Void) -> Calibration {
        let along = sequence.graph
        var found = Calibration(along, inputs: inputs, advance: advance)
        // Nodes and their order are the same; the numbers of their values are not.
        var pairs = [along.input.index: graph.input.index]
        for (there, here) in zip(along.nodes, graph.nodes) {
            pairs[there.output.index] = here.output.index
        }
        func renumbered<Item>(_ items: [Int: Item]) -> [Int: Item] {
            items.reduce(into: [:]) { result, item in
                if let index = pairs[item.key] { result[index] = item.value }
            }
        }
        var ranges = graph.values.map { _ in (lower: Float(0), upper: Float(0)) }
        for (there, here) in pairs { ranges[here] = found.ranges[there] }
        found.ranges = ranges
        found.moments = renumbered(found.moments)
        found.recurrentMoments = renumbered(found.recurrentMoments)
        found.states = renumbered(found.states)
        return found
    }
}
