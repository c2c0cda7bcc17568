// SPDX-License-Identifier: Apache-2.0

/// An LSTM over a fixed number of rows: one product for all inputs, then one a step.
struct LSTMStep: RecurrentStep {
    private let lstm: LSTM
    private let steps: Int
    private let input: PackedMatrix
    private let recurrent: PackedMatrix
    private let projection: PackedMatrix?

    init(_ lstm: LSTM, steps: Int) {
        self.lstm = lstm
        self.steps = steps
        input = PackedMatrix(rows: lstm.weights, bias: lstm.bias)
        recurrent = PackedMatrix(
            rows: lstm.recurrentWeights, bias: lstm.bias.map { _ in 0 })
        projection = lstm.projection.map {
            PackedMatrix(rows: $0, bias: Array(repeating: 0, count: lstm.outputs))
        }
    }

    private var units: Int { lstm.recurrence.units }

    /// Sums of all inputs, then sums of the state, cells, units' outputs and state.
    var scratchElements: Int {
        (steps + 1) * LSTM.gates * units + 2 * units + lstm.outputs
    }

    var watched: [Int] { [units, units, lstm.outputs] }

    func run(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, watch: (UnsafePointer<Float>) -> Void
    ) {
        let width = LSTM.gates * units
        let sums = scratch + steps * width
        let cells = sums + width
        let hidden = cells + units
        let state = hidden + units
        input.multiply(x, rows: steps, into: scratch)
        cells.update(repeating: 0, count: units)
        state.update(repeating: 0, count: lstm.outputs)
        for row in lstm.recurrence.rows(of: steps) {
            recurrent.multiply(state, rows: 1, into: sums)
            for i in 0..<width { sums[i] += scratch[row * width + i] }
            advance(sums, cells, hidden)
            if let projection {
                projection.multiply(hidden, rows: 1, into: state)
            } else {
                state.update(from: hidden, count: units)
            }
            watch(cells)
            if lstm.recurrence.returnsSequence {
                (y + row * lstm.outputs).update(from: state, count: lstm.outputs)
            }
        }
        if !lstm.recurrence.returnsSequence { y.update(from: state, count: lstm.outputs) }
    }

    /// Gates, cells and outputs of a step from the sums `[gate][unit]`.
    private func advance(
        _ sums: UnsafePointer<Float>, _ cells: UnsafeMutablePointer<Float>,
        _ hidden: UnsafeMutablePointer<Float>
    ) {
        for u in 0..<units {
            let old = cells[u]
            func peephole(_ gate: Int, _ cell: Float) -> Float {
                lstm.peepholes.map { $0[gate * units + u] * cell } ?? 0
            }
            let i = sigmoid(sums[u] + peephole(0, old))
            let f = sigmoid(sums[units + u] + peephole(1, old))
            let g = hyperbolicTangent(sums[2 * units + u])
            let cell = f * old + i * g
            let o = sigmoid(sums[3 * units + u] + peephole(2, cell))
            cells[u] = cell
            hidden[u] = o * hyperbolicTangent(cell)
        }
    }
}
