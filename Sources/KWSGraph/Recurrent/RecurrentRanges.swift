// SPDX-License-Identifier: Apache-2.0

/// How far the numbers of a recurrent layer go over all its steps.
package struct RecurrentRanges: Hashable, Sendable {
    /// The largest absolute value of a cell (0 of a GRU), and of what a unit puts out before the
    /// projection.
    package var cell: Float
    package var unit: Float
    /// Of the outputs of all steps, 0 among them.
    package var lower: Float
    package var upper: Float

    package init(cell: Float = 0, unit: Float = 0, lower: Float = 0, upper: Float = 0) {
        self.cell = cell
        self.unit = unit
        self.lower = lower
        self.upper = upper
    }

    package mutating func extend(_ other: RecurrentRanges) {
        cell = max(cell, other.cell)
        unit = max(unit, other.unit)
        lower = min(lower, other.lower)
        upper = max(upper, other.upper)
    }
}

/// Runs a recurrent layer for its ranges.
package struct RecurrentProbe: Sendable {
    private let step: any RecurrentStep
    private let outputs: Int

    /// - Returns: nil for a node of another kind.
    package init?(_ node: FloatGraph.Node, in graph: FloatGraph) {
        guard
            let step = node.operation.recurrentStep(graph.shape(of: node.inputs[0]).image.height)
        else { return nil }
        self.step = step
        outputs = graph.shape(of: node.output).elements
    }

    /// The ranges over all steps of one input.
    package func callAsFunction(_ input: [Float]) -> RecurrentRanges {
        var ranges = RecurrentRanges()
        let (cells, units) = (step.watched[0], step.watched[1])
        let total = cells + units + step.watched[2]
        eachStep(input) { numbers in
            for i in 0..<cells { ranges.cell = max(ranges.cell, abs(numbers[i])) }
            for i in cells..<cells + units { ranges.unit = max(ranges.unit, abs(numbers[i])) }
            for i in cells + units..<total {
                ranges.lower = min(ranges.lower, numbers[i])
                ranges.upper = max(ranges.upper, numbers[i])
            }
        }
        return ranges
    }

    /// Calls `body` with what the matrices read in each step but the input: the outputs of the step
    /// before, 0 in the first one, and what else there is, or else nothing.
    package func eachState(_ input: [Float], _ body: (_ before: [Float], _ other: [Float]) -> Void)
    {
        let other = step.watched[0]..<step.watched[0] + step.watched[1]
        var before = Array(repeating: Float(0), count: step.watched[2])
        eachStep(input) { numbers in
            body(before, other.map { numbers[$0] })
            for i in before.indices { before[i] = numbers[other.upperBound + i] }
        }
    }

    private func eachStep(_ input: [Float], _ body: (UnsafePointer<Float>) -> Void) {
        var scratch = Array(repeating: Float(0), count: step.scratchElements)
        var output = Array(repeating: Float(0), count: outputs)
        input.withUnsafeBufferPointer { x in
            output.withUnsafeMutableBufferPointer { y in
                scratch.withUnsafeMutableBufferPointer { scratch in
                    guard let x = x.baseAddress, let y = y.baseAddress,
                        let scratch = scratch.baseAddress
                    else { return }
                    step.run(x, y, scratch: scratch, watch: body)
                }
            }
        }
    }
}
