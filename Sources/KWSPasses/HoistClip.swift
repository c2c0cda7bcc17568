// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Moves clips (ReLU, ReLU6) above operators that only select or reorder elements, so that the
/// operator which computes them can saturate instead; joins clips that follow one another.
package struct HoistClip: Pass {
    package let name = "HoistClip"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        var index = 0
        while index < graph.nodes.count {
            guard case .clip(let lower, let upper) = graph.nodes[index].operation,
                let above = graph.producer(of: graph.nodes[index].inputs[0]),
                graph.isPrivate(graph.nodes[index].inputs[0], to: index)
            else {
                index += 1
                continue
            }
            switch graph.nodes[above].operation {
            case .maxPool, .reshape, .transpose:
                swap(above, index, in: &graph)
                index = above
            case .clip(let innerLower, let innerUpper):
                let low = min(max(innerLower, lower), upper)
                let high = min(max(innerUpper, lower), upper)
                guard low < high else {
                    index += 1
                    continue
                }
                graph.nodes[above].operation = .clip(lower: low, upper: high)
                graph.bypass(index)
                index = above
            default:
                index += 1
            }
        }
    }

    /// Exchanges a selecting node and the clip behind it; the value between takes the selecting
    /// node's input shape.
    private func swap(_ above: Int, _ clip: Int, in graph: inout FloatGraph) {
        var selecting = graph.nodes[above]
        var clipping = graph.nodes.remove(at: clip)
        let between = selecting.output
        graph.values[between.index].shape = graph.shape(of: selecting.inputs[0])
        clipping.inputs = selecting.inputs
        selecting.output = clipping.output
        clipping.output = between
        selecting.inputs = [between]
        graph.nodes[above] = selecting
        graph.nodes.insert(clipping, at: above)
    }
}
