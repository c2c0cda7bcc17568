// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// What one layer does for the graph: a node, and the clip behind a batch norm with it.
struct NetworkStep {
    let node: Int
    /// Values whose memory the layer reads and writes; shapes in memory do not matter here.
    let inputs: [ValueID]
    let output: ValueID
    /// The clip that a batch norm does on its way.
    var bounds = Bounds()

    /// The steps of a graph, and the value whose memory holds the logits.
    ///
    /// A reshape is no step, its output is its input's memory. Nor is a softmax that ends the
    /// graph, for losses work on logits.
    ///
    /// - Parameter roundings: clips that are layers of their own.
    /// - Throws: `GraphError` for a softmax elsewhere.
    static func steps(
        of graph: FloatGraph, roundings: [Int]
    ) throws(GraphError) -> (steps: [NetworkStep], logits: ValueID) {
        var memory = graph.values.indices.map(ValueID.init)
        var steps: [NetworkStep] = []
        var absorbed = Set<Int>()
        for (index, node) in graph.nodes.enumerated() where !absorbed.contains(index) {
            let inputs = node.inputs.map { memory[$0.index] }
            switch node.operation {
            case .reshape:
                memory[node.output.index] = inputs[0]
            case .softmax:
                guard node.output == graph.output else {
                    throw GraphError(
                        node: node.name,
                        fact: "a softmax inside the network; only one that ends "
                            + "it can be trained through")
                }
                memory[node.output.index] = inputs[0]
            case .batchNorm:
                let next = graph.consumers(of: node.output).first
                if let next, !roundings.contains(next), graph.isPrivate(node.output, to: next),
                    case .clip(let lower, let upper) = graph.nodes[next].operation
                {
                    absorbed.insert(next)
                    steps.append(
                        NetworkStep(
                            node: index, inputs: inputs, output: graph.nodes[next].output,
                            bounds: Bounds(lower: lower, upper: upper)))
                } else {
                    fallthrough
                }
            default:
                steps.append(NetworkStep(node: index, inputs: inputs, output: node.output))
            }
        }
        return (steps, memory[graph.output.index])
    }
}
