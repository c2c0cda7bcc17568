// SPDX-License-Identifier: Apache-2.0

/// A GRU over a fixed number of rows: one product for all inputs, then two a step.
struct GRUStep: RecurrentStep {
    private let gru: GRU
    private let steps: Int
    private let input: PackedMatrix
    /// Of z and r, and of n.
    private let gates: PackedMatrix
    private let candidate: PackedMatrix

    init(_ gru: GRU, steps: Int) {
        self.gru = gru
        self.steps = steps
        let units = gru.recurrence.units
        let split = 2 * units * units
        let none = Array(repeating: Float(0), count: units)
        input = PackedMatrix(rows: gru.weights, bias: gru.bias)
        gates = PackedMatrix(rows: Array(gru.recurrentWeights[..<split]), bias: none + none)
        candidate = PackedMatrix(
            rows: Array(gru.recurrentWeights[split...]), bias: gru.recurrentBias ?? none)
    }

    private var units: Int { gru.recurrence.units }

    /// Sums of all inputs, then sums of the state, what the candidate multiplies, and the state.
    var scratchElements: Int { (steps + 1) * GRU.gates * units + 2 * units }

    var watched: [Int] { [0, gru.resetsAfter ? 0 : units, units] }

    func run(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, watch: (UnsafePointer<Float>) -> Void
    ) {
        let width = GRU.gates * units
        let sums = scratch + steps * width
        let reset = sums + width
        let state = reset + units
        input.multiply(x, rows: steps, into: scratch)
        state.update(repeating: 0, count: units)
        for row in gru.recurrence.rows(of: steps) {
            advance(scratch + row * width, sums, reset, state)
            watch(gru.resetsAfter ? state : reset)
            if gru.recurrence.returnsSequence {
                (y + row * units).update(from: state, count: units)
            }
        }
        if !gru.recurrence.returnsSequence { y.update(from: state, count: units) }
    }

    /// One step from the input's sums `[gate][unit]`.
    private func advance(
        _ input: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>,
        _ reset: UnsafeMutablePointer<Float>, _ state: UnsafeMutablePointer<Float>
    ) {
        gates.multiply(state, rows: 1, into: sums)
        for i in 0..<2 * units { sums[i] = sigmoid(sums[i] + input[i]) }
        let (z, r) = (sums, sums + units)
        let product = sums + 2 * units
        if gru.resetsAfter {
            candidate.multiply(state, rows: 1, into: product)
            for u in 0..<units { product[u] *= r[u] }
        } else {
            for u in 0..<units { reset[u] = r[u] * state[u] }
            candidate.multiply(reset, rows: 1, into: product)
        }
        for u in 0..<units {
            let sum = product[u] + input[2 * units + u]
            let n =
                switch gru.candidate {
                case .tanh: hyperbolicTangent(sum)
                case .clippedReLU: min(max(sum, 0), GRU.Candidate.ceiling)
                }
            state[u] = (1 - z[u]) * n + z[u] * state[u]
        }
    }
}
