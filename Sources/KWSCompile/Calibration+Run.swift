// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import KWSGraph
package import KWSPasses

extension Calibration {
    /// Runs a float graph on features, on all cores; the result does not depend on their number.
    ///
    /// - Parameter advance: called once an input, from any thread.
    package init(
        _ graph: FloatGraph, inputs: [[Float]], advance: @Sendable () -> Void = {}
    ) {
        typealias Range = (lower: Float, upper: Float)
        let workers = min(8, max(1, inputs.count))
        var results = Array(repeating: [Range](), count: workers)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                var evaluator = FloatEvaluator(graph)
                var ranges = graph.values.map { _ in Range(0, 0) }
                for index in stride(from: worker, to: inputs.count, by: workers) {
                    evaluator.run(inputs[index])
                    for value in graph.values.indices {
                        for x in evaluator[ValueID(value)] {
                            ranges[value].lower = min(ranges[value].lower, x)
                            ranges[value].upper = max(ranges[value].upper, x)
                        }
                    }
                    advance()
                }
                results[worker] = ranges
            }
        }
        self.init(
            ranges: graph.values.indices.map { value in
                Range(
                    results.map { $0[value].lower }.min() ?? 0,
                    results.map { $0[value].upper }.max() ?? 0)
            })
    }
}
