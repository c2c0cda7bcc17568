// SPDX-License-Identifier: Apache-2.0

/// An LSTM or a GRU in integers, SPEC.md section 4.4.
package struct QuantRecurrence: Sendable {
    package enum Cell: String, Sendable {
        case lstm, gru

        package var gates: Int { self == .lstm ? LSTM.gates : GRU.gates }
    }

    /// The layer's shifts and limits.
    package struct Scaling: Sendable {
        /// k: a number of the state counts `2^(k-15)`.
        package var stateRange = 0
        /// By how many bits sums over the input, and over the layer's own output, are lifted.
        package var inputLift = 0
        package var ownLift = 0
        /// Of the peep-holes' products; 0 without.
        package var peepholeShift = 0
        /// The upper limit of a clipped candidate, in numbers of the state; 0 without.
        package var limit = 0
        package var codeShift = 0
        package var projectionShift = 0

        package init() {}
    }

    package var cell: Cell
    package var recurrence: Recurrence
    package var outputs: Int
    package var hasPeepholes = false
    package var isProjected = false
    package var resetsAfter = false
    package var isClipped = false
    package var scaling = Scaling()
    /// `[row][input]`, `[row][output]`, rows in the order of `rowOrder`, then `[output][unit]` of a
    /// projection.
    package var weights: [Int8] = []
    /// The shift is that of the gates. Multipliers: the code's, those of the gates' sums over the
    /// input, over the output, peep-holes, projection; biases: the code's, gates, projection or the
    /// recurrent bias of a reset after the product.
    package var requantisation = Requantisation(multipliers: [], biases: [], shift: 0)

    package init(cell: Cell, recurrence: Recurrence, outputs: Int) {
        self.cell = cell
        self.recurrence = recurrence
        self.outputs = outputs
    }

    /// The six geometry fields of kws_layer, from `kernel_height` to `pad_left`.
    package var geometry: [Int] {
        let flags = [
            recurrence.isBackward, !recurrence.returnsSequence, hasPeepholes || resetsAfter,
            isProjected || isClipped, recurrence.isStateful,
        ]
        return [
            recurrence.units,
            flags.enumerated().reduce(0) { $0 + ($1.element ? 1 << $1.offset : 0) },
            scaling.stateRange, scaling.inputLift + 256 * scaling.ownLift,
            hasPeepholes ? scaling.peepholeShift : scaling.limit,
            scaling.codeShift + 256 * scaling.projectionShift,
        ]
    }
}
