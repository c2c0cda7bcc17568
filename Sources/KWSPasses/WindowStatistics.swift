// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import KWSGraph

/// What is summed over the windows that a layer's outputs see.
package protocol WindowStatistics: Sendable {
    /// Of windows of so many numbers; nil if they are too many.
    init?(taps: Int)
    /// Takes in one window; see `FloatGraph.eachWindow` for its set.
    mutating func add(_ window: [Float], set: Int)
    mutating func add(_ other: Self)
    /// Of some of the numbers alone.
    func cut(to taps: Range<Int>) -> Self
}

extension FloatGraph {
    /// Windows of a layer that are enough: with more the result hardly changes.
    private static let enoughWindows = 16384

    /// Runs the graph on inputs and takes in what layers see; on all cores, without the result
    /// depending on their number.
    ///
    /// - Parameter empty: by the index of the layer's node.
    package func statistics<Statistics: WindowStatistics>(
        _ empty: [Int: Statistics], inputs: [[Float]]
    ) -> [Int: Statistics] {
        guard !empty.isEmpty else { return [:] }
        let workers = min(4, max(1, inputs.count))
        var parts = Array(repeating: empty, count: workers)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                var evaluator = FloatEvaluator(self)
                var statistics = empty
                for index in stride(from: worker, to: inputs.count, by: workers) {
                    evaluator.run(inputs[index])
                    for node in empty.keys {
                        eachWindow(
                            of: nodes[node], input: Array(evaluator[nodes[node].inputs[0]]),
                            most: max(1, Self.enoughWindows / inputs.count)
                        ) { window, set in
                            statistics[node]?.add(window, set: set)
                        }
                    }
                }
                parts[worker] = statistics
            }
        }
        return parts.dropFirst().reduce(into: parts[0]) { sum, part in
            for (node, statistics) in part { sum[node]?.add(statistics) }
        }
    }
}

extension WindowStatistics {
    /// Of every matrix of a graph that can be pruned, in the order of `prunable`; nil where the numbers
    /// are too many.
    package static func ofPrunable(_ graph: FloatGraph, inputs: [[Float]]) -> [Self?] {
        let matrices = graph.prunable
        var empty: [Int: Self] = [:]
        for matrix in matrices where matrix.reads == .window {
            empty[matrix.node] = Self(taps: matrix.columns)
        }
        let windows = graph.statistics(empty, inputs: inputs)
        let recurrent = RecurrentStatistics<Self>.of(graph, inputs: inputs)
        return matrices.map { matrix in
            let node = graph.nodes[matrix.node]
            let states = recurrent[node.output.index]
            let inputs = node.operation.recurrence?.inputs ?? 0
            return switch matrix.reads {
            case .window: windows[matrix.node]
            case .inputAndOutput: states?.gates
            case .input: states?.gates?.cut(to: 0..<inputs)
            case .output: states?.gates?.cut(to: inputs..<inputs + matrix.columns)
            case .inputAndRest: states?.candidate
            case .units: states?.projection
            }
        }
    }
}
