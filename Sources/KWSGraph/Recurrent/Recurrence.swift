// SPDX-License-Identifier: Apache-2.0

/// How a recurrent layer walks over its input, an image `[time][width][channels]`: a step is one
/// row, `width * channels` numbers in memory order. States are 0 before the first step.
package struct Recurrence: Hashable, Sendable {
    /// Numbers of a step of the input.
    package var inputs: Int
    /// Units, each with one number of state.
    package var units: Int
    /// From the last row to the first; row t of the output then follows from rows t and later of the
    /// input, so that the output is in the input's order either way.
    package var isBackward: Bool
    /// Whether the output is that of every step, `[time][1][outputs]`, or that of the last step
    /// taken, `[outputs]`: of a backward layer the one at row 0.
    package var returnsSequence: Bool
    /// Whether the library goes on from the state of the last decision, rather than from 0.
    package var isStateful = false

    package init(
        inputs: Int, units: Int, isBackward: Bool = false, returnsSequence: Bool = true
    ) {
        self.inputs = inputs
        self.units = units
        self.isBackward = isBackward
        self.returnsSequence = returnsSequence
    }

    /// Rows in the order in which they are taken.
    package func rows(of steps: Int) -> StrideTo<Int> {
        isBackward ? stride(from: steps - 1, to: -1, by: -1) : stride(from: 0, to: steps, by: 1)
    }
}

extension FloatOperator {
    /// How a recurrent operator walks; nil for others.
    package var recurrence: Recurrence? {
        switch self {
        case .lstm(let lstm): lstm.recurrence
        case .gru(let gru): gru.recurrence
        default: nil
        }
    }
}

extension Recurrence {
    /// Infers the output's shape and checks that the input's rows fit.
    func outputShape(_ x: Shape, outputs: Int, node: String) throws(GraphError) -> Shape {
        guard inputs > 0, units > 0, outputs > 0 else {
            throw GraphError(
                node: node, fact: "\(inputs) inputs, \(units) units, \(outputs) outputs; 1 or more")
        }
        guard x.rank == 3, x.elements / x.image.height == inputs else {
            throw GraphError(
                node: node,
                fact: "reads shape \(x), expected an image [time][width][channels] of "
                    + "\(inputs) numbers a row")
        }
        return returnsSequence ? [x.image.height, 1, outputs] : [outputs]
    }

    /// Checks the length of each array of a layer's numbers.
    static func check(
        _ arrays: [(kind: String, count: Int?, expected: Int)], node: String
    ) throws(GraphError) {
        for (kind, count, expected) in arrays {
            guard let count, count != expected else { continue }
            throw GraphError(node: node, fact: "\(kind) of \(count) numbers, expected \(expected)")
        }
    }
}
