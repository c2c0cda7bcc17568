// SPDX-License-Identifier: Apache-2.0

import Foundation
import KWSGraph
import KWSTrain

/// Recurrent layers in doubles, unit by unit, from the equations of LSTM.swift and GRU.swift.
struct DoubleRecurrent {
    let form: Recurrence
    let parameter: (ParameterSlice.Role) -> [Double]?
    /// What cells saturate at, and what rounding makes of what is put out and of an LSTM's units before
    /// a projection.
    var limit = Double.infinity
    var put: (Double) -> Double = { $0 }
    var putUnit: (Double) -> Double = { $0 }

    private var units: Int { form.units }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// `W x` of one gate and unit.
    private func product(_ role: ParameterSlice.Role, _ gate: Int, _ u: Int, _ x: [Double])
        -> Double
    {
        let w = parameter(role) ?? []
        return x.indices.reduce(0) { $0 + w[(gate * units + u) * x.count + $1] * x[$1] }
    }

    private func input(_ gate: Int, _ u: Int, _ x: [Double]) -> Double {
        product(.weights, gate, u, x) + (parameter(.bias)?[gate * units + u] ?? 0)
    }

    /// - Parameter cell: the state behind a step, from the one before and what products read of it.
    private func walk(
        _ x: [Double], outputs: Int,
        cell: (_ x: [Double], _ state: [Double], _ read: [Double]) -> [Double]
    ) -> [Double] {
        let count = x.count / form.inputs
        var state = Array(repeating: 0.0, count: outputs)
        var read = state
        var states = Array(repeating: state, count: count)
        for row in form.rows(of: count) {
            state = cell(Array(x[row * form.inputs..<(row + 1) * form.inputs]), state, read)
            read = state.map(put)
            states[row] = read
        }
        return form.returnsSequence ? states.flatMap { $0 } : read
    }

    func lstm(_ x: [Double], outputs: Int) -> [Double] {
        var c = Array(repeating: 0.0, count: units)
        let (peepholes, projection) = (parameter(.peepholes), parameter(.projection))
        return walk(x, outputs: outputs) { x, _, r in
            func sum(_ gate: Int, _ u: Int) -> Double {
                input(gate, u, x) + product(.recurrentWeights, gate, u, r)
            }
            let m = (0..<units).map { u in
                func peephole(_ gate: Int) -> Double {
                    (peepholes?[gate * units + u] ?? 0) * c[u]
                }
                let (i, f) = (sigmoid(sum(0, u) + peephole(0)), sigmoid(sum(1, u) + peephole(1)))
                c[u] = min(limit, max(-limit, f * c[u] + i * tanh(sum(2, u))))
                return sigmoid(sum(3, u) + peephole(2)) * tanh(c[u])
            }
            guard let projection else { return m }
            let bytes = m.map(putUnit)
            return (0..<outputs).map { o in
                (0..<units).reduce(0) { $0 + projection[o * units + $1] * bytes[$1] }
            }
        }
    }

    func gru(_ x: [Double], resetsAfter: Bool, candidate: GRU.Candidate) -> [Double] {
        walk(x, outputs: units) { x, h, read in
            func gate(_ gate: Int) -> [Double] {
                (0..<units).map {
                    sigmoid(input(gate, $0, x) + product(.recurrentWeights, gate, $0, read))
                }
            }
            let (z, r) = (gate(0), gate(1))
            let rest = resetsAfter ? read : zip(r, h).map { put($0 * $1) }
            return (0..<units).map { u in
                let un = parameter(.recurrentBias)?[u] ?? 0
                let sum =
                    input(2, u, x)
                    + (resetsAfter
                        ? r[u] * (product(.recurrentWeights, 2, u, rest) + un)
                        : product(.recurrentWeights, 2, u, rest))
                let n = candidate == .tanh ? tanh(sum) : min(max(sum, 0), 20)
                return (1 - z[u]) * n + z[u] * h[u]
            }
        }
    }
}
