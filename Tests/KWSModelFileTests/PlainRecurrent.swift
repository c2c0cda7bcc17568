// SPDX-License-Identifier: Apache-2.0

import Foundation
import KWSGraph

/// The oracle: recurrent layers unit by unit, from the equations of LSTM.swift and GRU.swift, in
/// double.
enum PlainRecurrent {
    /// Row `gate * units + unit` of a matrix times a vector.
    private static func product(_ w: [Float], _ row: Int, _ x: [Double]) -> Double {
        x.indices.reduce(0) { $0 + Double(w[row * x.count + $1]) * x[$1] }
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// The outputs of `cell`, given a row and the state before, in the input's order.
    private static func run(
        _ form: Recurrence, _ x: [Float], outputs: Int,
        cell: ([Double], [Double]) -> [Double]
    ) -> [Double] {
        var rows: [[Double]] = []
        for start in stride(from: 0, to: x.count, by: form.inputs) {
            rows.append(x[start..<start + form.inputs].map(Double.init))
        }
        if form.isBackward { rows.reverse() }
        var state = Array(repeating: 0.0, count: outputs)
        var states: [[Double]] = []
        for row in rows {
            state = cell(row, state)
            states.append(state)
        }
        guard form.returnsSequence else { return state }
        return (form.isBackward ? states.reversed() : states).flatMap { $0 }
    }

    static func lstm(_ lstm: LSTM, _ x: [Float]) -> [Double] {
        let units = lstm.recurrence.units
        var c = Array(repeating: 0.0, count: units)
        return run(lstm.recurrence, x, outputs: lstm.outputs) { x, r in
            func sum(_ gate: Int, _ u: Int) -> Double {
                let row = gate * units + u
                return product(lstm.weights, row, x) + product(lstm.recurrentWeights, row, r)
                    + Double(lstm.bias[row])
            }
            func peephole(_ gate: Int, _ u: Int) -> Double {
                (lstm.peepholes.map { Double($0[gate * units + u]) } ?? 0) * c[u]
            }
            let m = (0..<units).map { u in
                let i = sigmoid(sum(0, u) + peephole(0, u))
                let f = sigmoid(sum(1, u) + peephole(1, u))
                c[u] = f * c[u] + i * tanh(sum(2, u))
                return sigmoid(sum(3, u) + peephole(2, u)) * tanh(c[u])
            }
            guard let projection = lstm.projection else { return m }
            return (0..<lstm.outputs).map { product(projection, $0, m) }
        }
    }

    static func gru(_ gru: GRU, _ x: [Float]) -> [Double] {
        let units = gru.recurrence.units
        return run(gru.recurrence, x, outputs: units) { x, h in
            func input(_ gate: Int, _ u: Int) -> Double {
                product(gru.weights, gate * units + u, x) + Double(gru.bias[gate * units + u])
            }
            func recurrent(_ gate: Int, _ u: Int, _ h: [Double]) -> Double {
                product(gru.recurrentWeights, gate * units + u, h)
            }
            let z = (0..<units).map { sigmoid(input(0, $0) + recurrent(0, $0, h)) }
            let r = (0..<units).map { sigmoid(input(1, $0) + recurrent(1, $0, h)) }
            let reset = zip(r, h).map { $0 * $1 }
            return (0..<units).map { u in
                let un = gru.recurrentBias.map { Double($0[u]) } ?? 0
                let sum =
                    input(2, u)
                    + (gru.resetsAfter
                        ? r[u] * (recurrent(2, u, h) + un) : recurrent(2, u, reset))
                let n = gru.candidate == .tanh ? tanh(sum) : min(max(sum, 0), 20)
                return (1 - z[u]) * n + z[u] * h[u]
            }
        }
    }
}
