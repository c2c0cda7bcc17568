// SPDX-License-Identifier: Apache-2.0

/// Runs a float graph: the reference for accuracy and the source of calibration ranges.
///
/// All values of the last run stay readable; buffers are allocated once and reused.
package struct FloatEvaluator: Sendable {
    package let graph: FloatGraph
    private let steps: [FloatStep]
    /// Where each value starts in `arena`.
    private let offsets: [Int]
    private var arena: [Float]
    private var scratch: [Float]

    /// - Requires: `graph.verify()` passes.
    package init(_ graph: FloatGraph) {
        self.graph = graph
        var offsets: [Int] = []
        var end = 0
        for value in graph.values {
            offsets.append(end)
            end += value.shape.elements
        }
        self.offsets = offsets
        arena = Array(repeating: 0, count: end)
        steps = graph.nodes.map { FloatStep($0, in: graph) }
        scratch = Array(repeating: 0, count: steps.map(\.scratchElements).max() ?? 0)
    }

    /// Computes every value of the graph.
    ///
    /// - Requires: `input` has as many numbers as the graph's input.
    package mutating func run(_ input: [Float]) {
        precondition(
            input.count == graph.shape(of: graph.input).elements, "one number per input element")
        let start = offsets[graph.input.index]
        let (steps, offsets) = (steps, offsets)
        arena.withUnsafeMutableBufferPointer { arena in
            scratch.withUnsafeMutableBufferPointer { scratch in
                guard let base = arena.baseAddress else { return }
                for (i, number) in input.enumerated() { arena[start + i] = number }
                for step in steps {
                    step.run(
                        inputs: step.inputs.map { UnsafePointer(base + offsets[$0.index]) },
                        output: base + offsets[step.output.index], scratch: scratch)
                }
            }
        }
    }

    /// The numbers of a value in the last run, in memory order.
    package subscript(value: ValueID) -> ArraySlice<Float> {
        let start = offsets[value.index]
        return arena[start..<start + graph.shape(of: value).elements]
    }

    /// Runs the graph and returns its output.
    package mutating func callAsFunction(_ input: [Float]) -> [Float] {
        run(input)
        return Array(self[graph.output])
    }
}
