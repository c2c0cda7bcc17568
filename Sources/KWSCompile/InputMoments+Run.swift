// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import KWSGraph
internal import KWSPasses

extension InputMoments {
    /// Samples that are enough for a layer's covariance: with more the result hardly changes.
    private static let enough = 16384

    /// Of every linear layer of a graph on its inputs, by the index of the layer's output; on all
    /// cores, without the result depending on their number.
    static func of(_ graph: FloatGraph, inputs: [[Float]]) -> [Int: InputMoments] {
        let empty = Dictionary(
            uniqueKeysWithValues: graph.nodes.compactMap { node in
                InputMoments(node, in: graph).map { (node.output.index, $0) }
            })
        let workers = min(4, max(1, inputs.count))
        var parts = Array(repeating: empty, count: workers)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                var evaluator = FloatEvaluator(graph)
                var moments = empty
                for index in stride(from: worker, to: inputs.count, by: workers) {
                    evaluator.run(inputs[index])
                    for node in graph.nodes {
                        guard moments[node.output.index] != nil else { continue }
                        graph.eachWindow(
                            of: node, input: Array(evaluator[node.inputs[0]]),
                            most: max(1, enough / inputs.count)
                        ) { sample, set in
                            moments[node.output.index]?.add(sample, set: set)
                        }
                    }
                }
                parts[worker] = moments
            }
        }
        return parts.dropFirst().reduce(into: parts[0]) { sum, part in
            for (value, moments) in part { sum[value]?.add(moments) }
        }
    }
}
