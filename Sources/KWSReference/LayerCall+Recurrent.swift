// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// One step of a recurrent layer (SPEC.md section 4.4). Sums are lifted and wrap nowhere: the check
/// saw that they have 31 bits.
private struct RecurrentRow {
    let call: LayerCall
    let shape: RecurrentShape
    /// The input's row.
    let x: UnsafePointer<UInt8>
    /// The output of the step before.
    let h: UnsafeMutablePointer<UInt8>

    func dot(_ first: Int, _ v: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
        let w = call.weights + first
        var acc: Int32 = 0
        for k in 0..<count { acc &+= Int32(w[k]) &* Int32(v[k]) }
        return acc
    }

    /// The rescaled sum of a row of the gates over the input.
    func input(_ row: Int) -> Int32 {
        Fixed.mulq(
            dot(row * shape.inputs, x, shape.inputs) << shape.inputLift, call.multipliers[1 + row])
    }

    /// The same over the layer's own output, or what stands for it.
    func own(_ row: Int, _ h: UnsafePointer<UInt8>) -> Int32 {
        let first = shape.rows * shape.inputs + row * shape.outputs
        return Fixed.mulq(
            dot(first, h, shape.outputs) << shape.ownLift, call.multipliers[1 + shape.rows + row])
    }

    /// The pre-activation of a row.
    func sum(_ row: Int, _ h: UnsafePointer<UInt8>) -> Int16 {
        Fixed.sat16((input(row) + own(row, h) + call.biases[1 + row]) >> call.layer.shift)
    }

    func gate(_ gate: Int, _ unit: Int) -> Int16 {
        sum(shape.row(gate, unit), UnsafePointer(h))
    }

    /// The pre-activation of a gate that sees a cell through peep-hole number `p`.
    func peeping(_ gate: Int, _ p: Int, _ unit: Int, _ cell: Int16) -> Int16 {
        let sum = self.gate(gate, unit)
        guard shape.hasPeepholes else { return sum }
        let weight = call.multipliers[1 + 2 * shape.rows + p * shape.units + unit]
        let product = Int32(weight) * Int32(cell) + (1 << (shape.extra - 1))
        return Fixed.sat16(Int32(sum) + product >> shape.extra)
    }

    /// A number of the state, or of what a unit puts out, as a byte.
    func code(_ v: Int32) -> UInt8 {
        Fixed.clip((v * Int32(call.multipliers[0]) + call.biases[0]) >> shape.codeShift)
    }
}

extension LayerCall {
    func lstm() {
        recurrent { step, cells, codes in
            let shape = step.shape
            for u in 0..<shape.units {
                let old = cells[u]
                let i = Fixed.sigmoid(step.peeping(0, 0, u, old))
                let f = Fixed.sigmoid(step.peeping(1, 1, u, old))
                let g = Fixed.tanh(step.gate(2, u))
                // |sum| <= 2 * 32757 * 2^15 + 2^14 < 2^31.
                let sum = f * Int32(old) + 16384 + (i * g) >> shape.stateRange
                let cell = Fixed.sat16(sum >> 15)
                cells[u] = cell
                let o = Fixed.sigmoid(step.peeping(3, 2, u, cell))
                let t = Fixed.tanh(Fixed.sat16((Int32(cell) << shape.stateRange) >> 3))
                codes[u] = step.code((o * t + 16384) >> 15)
            }
            guard shape.isProjected else {
                for u in 0..<shape.units { step.h[u] = codes[u] }
                return
            }
            let first = shape.rows * (shape.inputs + shape.outputs)
            let m = multipliers + 1 + 2 * shape.rows + (shape.hasPeepholes ? 3 * shape.units : 0)
            for o in 0..<shape.outputs {
                let acc = step.dot(first + o * shape.units, codes, shape.units)
                step.h[o] = Fixed.requant(
                    acc << shape.ownLift, multiplier: m[o], bias: biases[1 + shape.rows + o],
                    shift: shape.projectionShift)
            }
        }
    }

    func gru() {
        recurrent { step, state, codes in
            let shape = step.shape
            func share(_ a: Int32, _ b: Int16) -> Int32 { (a * Int32(b) + 16384) >> 15 }
            if !shape.resetsAfter {
                for u in 0..<shape.units {
                    codes[u] = step.code(share(Fixed.sigmoid(step.gate(1, u)), state[u]))
                }
            }
            for u in 0..<shape.units {
                let row = 2 * shape.units + u
                var sum = Int16(0)
                if shape.resetsAfter {
                    let x = Fixed.sat16((step.input(row) + biases[1 + row]) >> layer.shift)
                    let h = Fixed.sat16(
                        (step.own(row, step.h) + biases[1 + shape.rows + u]) >> layer.shift)
                    sum = Fixed.sat16(Int32(x) + share(Fixed.sigmoid(step.gate(1, u)), h))
                } else {
                    sum = step.sum(row, codes)
                }
                let n =
                    shape.isClipped
                    ? min(shape.extra, max(0, Int32(sum))) : Fixed.tanh(sum) >> shape.stateRange
                let z = Fixed.sigmoid(step.gate(0, u))
                // Between the two numbers, so an int16 again.
                state[u] = Int16(
                    truncatingIfNeeded: (z * Int32(state[u]) + 16384 + (32768 - z) * n) >> 15)
            }
            for u in 0..<shape.units { step.h[u] = step.code(Int32(state[u])) }
        }
    }

    /// Takes all steps in their order; `advance` makes the output of a step out of that of the one
    /// before, in place, with a state and codes that it may use, one number a unit each.
    private func recurrent(
        _ advance: (RecurrentRow, UnsafeMutablePointer<Int16>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        guard let kernel = KernelID(kernel: layer.kernel) else { return }
        let shape = RecurrentShape(layer, kernel, input, output)
        let h = UnsafeMutableRawPointer(states + shape.units).assumingMemoryBound(to: UInt8.self)
        if isFresh || !shape.isStateful {
            for u in 0..<shape.units { states[u] = 0 }
            for o in 0..<shape.outputs { h[o] = UInt8(truncatingIfNeeded: output.zeroPoint) }
        }
        for step in 0..<input.height {
            let row = shape.isBackward ? input.height - 1 - step : step
            let line = RecurrentRow(call: self, shape: shape, x: x + row * shape.inputs, h: h)
            advance(line, states, h + shape.outputs)
            let to = y + (shape.isLast ? 0 : row * shape.outputs)
            for o in 0..<shape.outputs { to[o] = h[o] }
        }
    }
}
