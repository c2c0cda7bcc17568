// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A recurrent layer unit by unit, every formula of SPEC.md section 4.4 in `Double`, which holds all
/// its numbers exactly.
struct RecurrentOracle {
    let layer: TestModel.Layer
    let inputs: Int
    let outputs: Int
    let zeroPoint: Int
    private var h: [Double]
    private var state: [Double]

    init(_ layer: TestModel.Layer, inputs: Int, outputs: Int, zeroPoint: Int) {
        self.layer = layer
        self.inputs = inputs
        self.outputs = outputs
        self.zeroPoint = zeroPoint
        h = Array(repeating: Double(zeroPoint), count: outputs)
        state = Array(repeating: 0, count: layer.units)
    }

    /// The outputs of all steps, by the row of the input.
    mutating func run(_ rows: [[Int]]) -> [[Int]] {
        var results = rows.map { _ in [Int]() }
        let order = layer.isBackward ? Array(rows.indices.reversed()) : Array(rows.indices)
        for row in order {
            let x = rows[row].map { Double($0) }
            if layer.kernel.isLSTM { lstm(x) } else { gru(x) }
            results[row] = h.map { Int($0) }
        }
        return layer.isLast ? [order.last.map { results[$0] } ?? []] : results
    }

    private func floor(_ v: Double, _ shift: Int) -> Double {
        (v / exp2(Double(shift))).rounded(.down)
    }

    private func half(_ v: Double) -> Double { floor(v + 16384, 15) }
    private func sat(_ v: Double) -> Double { min(32767, max(-32768, v)) }
    private func m(_ index: Int) -> Double { Double(layer.multipliers[index]) }
    private func b(_ index: Int) -> Double { Double(layer.biases[index]) }

    private func sigmoid(_ x: Double) -> Double {
        func node(_ i: Double) -> Double { (32768 / (1 + exp(-i / 16))).rounded() }
        let a = min(abs(x), 32767)
        let i = floor(a, 8)
        let v = node(i) + floor((node(i + 1) - node(i)) * (a - 256 * i) + 128, 8)
        return x < 0 ? 32768 - v : v
    }

    private func tanh(_ x: Double) -> Double { 2 * sigmoid(sat(2 * x)) - 32768 }

    private func code(_ v: Double) -> Double {
        min(255, max(0, floor(v * m(0) + b(0), layer.geometry[5] % 256)))
    }

    private var rows: Int { layer.gates * layer.units }

    private func dot(_ first: Int, _ v: [Double]) -> Double {
        v.indices.reduce(0) { $0 + Double(layer.weights[first + $1]) * v[$1] }
    }

    private func input(_ row: Int, _ x: [Double]) -> Double {
        let lift = exp2(Double(layer.geometry[3] % 256))
        return floor(dot(row * inputs, x) * lift * m(1 + row), 16)
    }

    private func own(_ row: Int, _ v: [Double]) -> Double {
        let lift = exp2(Double(layer.geometry[3] / 256))
        return floor(
            dot(rows * inputs + row * outputs, v) * lift * m(1 + rows + row), 16)
    }

    private func gate(_ gate: Int, _ unit: Int, _ x: [Double], _ v: [Double]) -> Double {
        let row = layer.row(gate, unit)
        return sat(floor(input(row, x) + own(row, v) + b(1 + row), layer.shift))
    }

    private func peephole(_ number: Int, _ unit: Int, _ cell: Double) -> Double {
        guard layer.hasPeepholes else { return 0 }
        let shift = layer.geometry[4]
        let weight = m(1 + 2 * rows + number * layer.units + unit)
        return floor(weight * cell + exp2(Double(shift - 1)), shift)
    }

    private mutating func lstm(_ x: [Double]) {
        let range = layer.geometry[2]
        var codes: [Double] = []
        for u in 0..<layer.units {
            let i = sigmoid(sat(gate(0, u, x, h) + peephole(0, u, state[u])))
            let f = sigmoid(sat(gate(1, u, x, h) + peephole(1, u, state[u])))
            let g = tanh(gate(2, u, x, h))
            let cell = sat(half(f * state[u] + floor(i * g, range)))
            state[u] = cell
            let o = sigmoid(sat(gate(3, u, x, h) + peephole(2, u, cell)))
            codes.append(code(half(o * tanh(sat(floor(cell * exp2(Double(range)), 3))))))
        }
        guard layer.isProjected else {
            h = codes
            return
        }
        let lift = exp2(Double(layer.geometry[3] / 256))
        let first = layer.multipliers.count - outputs
        h = (0..<outputs).map { o in
            let sum = dot(rows * (inputs + outputs) + o * layer.units, codes) * lift
            let scaled = floor(sum * m(first + o), 16) + b(1 + rows + o)
            return min(255, max(0, floor(scaled, layer.geometry[5] / 256)))
        }
    }

    private mutating func gru(_ x: [Double]) {
        let units = 0..<layer.units
        let z = units.map { sigmoid(gate(0, $0, x, h)) }
        let r = units.map { sigmoid(gate(1, $0, x, h)) }
        let codes = units.map { code(half(r[$0] * state[$0])) }
        for u in units {
            let row = layer.row(2, u)
            var t = 0.0
            if layer.resetsAfter {
                let own = floor(own(row, h) + b(1 + rows + u), layer.shift)
                let input = floor(input(row, x) + b(1 + row), layer.shift)
                t = sat(sat(input) + half(r[u] * sat(own)))
            } else {
                t = gate(2, u, x, codes)
            }
            let n =
                layer.isClipped
                ? min(Double(layer.geometry[4]), max(0, t)) : floor(tanh(t), layer.geometry[2])
            state[u] = half(z[u] * state[u] + (32768 - z[u]) * n)
        }
        h = state.map { code($0) }
    }
}
