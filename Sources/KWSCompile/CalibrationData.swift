// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import KWSFrontEnd
package import KWSGraph

/// Numbers that the values of a float graph take on representative inputs.
package struct CalibrationData: Sendable {
    /// By value index; at most `limit` numbers each, taken at even distances.
    package private(set) var samples: [[Float]]
    /// Inputs seen.
    package let inputs: Int

    /// The most numbers kept of one value: enough that the error of a range chosen on them (the mean
    /// of `limit` squared errors) has a standard error of about 1 %.
    package static let limit = 20_000

    /// Runs the graph on features, on all cores; the result does not depend on their number.
    ///
    /// - Parameter advance: called once an input, from any thread.
    package init(
        _ graph: FloatGraph, inputs: [[Float]], advance: @Sendable () -> Void = {}
    ) {
        self.inputs = inputs.count
        let perInput = max(1, CalibrationData.limit / max(1, inputs.count))
        var results = Array(repeating: [[Float]](), count: inputs.count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            let workers = 8
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                var evaluator = FloatEvaluator(graph)
                for index in stride(from: worker, to: inputs.count, by: workers) {
                    evaluator.run(inputs[index])
                    results[index] = graph.values.indices.map { value in
                        CalibrationData.thin(evaluator[ValueID(value)], to: perInput, from: index)
                    }
                    advance()
                }
            }
        }
        samples = graph.values.indices.map { value in results.flatMap { $0[value] } }
    }

    /// Extremes always, the rest at even distances with a start that moves from input to input.
    private static func thin(_ numbers: ArraySlice<Float>, to count: Int, from input: Int) -> [Float] {
        guard numbers.count > count, let low = numbers.min(), let high = numbers.max() else {
            return Array(numbers)
        }
        let step = (numbers.count + count - 1) / count
        return [low, high]
            + stride(from: numbers.startIndex + input % step, to: numbers.endIndex, by: step).map {
                numbers[$0]
            }
    }
}

extension FloatFrontEnd {
    /// The features of many clips, on all cores, in the clips' order.
    package func features(
        ofAll clips: [[Int16]], advance: @Sendable () -> Void = {}
    ) -> [[Float]] {
        var results = Array(repeating: [Float](), count: clips.count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            DispatchQueue.concurrentPerform(iterations: clips.count) { index in
                results[index] = features(of: clips[index])
                advance()
            }
        }
        return results
    }
}
