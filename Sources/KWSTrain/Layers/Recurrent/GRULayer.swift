// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A GRU, back-propagated through time; equations and shapes as in `GRU`. Products as in
/// `LSTMLayer`.
struct GRULayer: FittedLayer {
    let input: Port
    let output: Port
    let rows: RecurrentRows
    let weights: Parameter
    let recurrentWeights: Parameter
    let bias: Bias
    let recurrentBias: Bias?
    let resetsAfter: Bool
    let candidate: GRU.Candidate
    let rounding: StateRounding?
    /// Of each sample and row: gates `[3][unit]`, then their sums' gradients; the state behind it; the
    /// state before it as products read it; what the candidate's matrix multiplies (`r * h`, reset
    /// before) or makes of the state (reset after), then that one's gradient.
    let gates: FloatMemory
    let states: FloatMemory
    let before: FloatMemory
    let reset: FloatMemory
    /// Of each sample the gradient of the state, of the state as products read it (the same memory if
    /// nothing is rounded), and of what the candidate's matrix multiplies.
    let errors: FloatMemory
    let readErrors: FloatMemory
    let resetErrors: FloatMemory

    init(
        input: Port, output: Port, rows: RecurrentRows, weights: Parameter,
        recurrentWeights: Parameter, bias: Bias, recurrentBias: Bias?, resetsAfter: Bool,
        candidate: GRU.Candidate, rounding: StateRounding?, batch: Int
    ) {
        self.input = input
        self.output = output
        self.rows = rows
        self.weights = weights
        self.recurrentWeights = recurrentWeights
        self.bias = bias
        self.recurrentBias = recurrentBias
        self.resetsAfter = resetsAfter
        self.candidate = candidate
        self.rounding = rounding
        let (all, units) = (batch * rows.count, rows.form.units)
        gates = FloatMemory(all * GRU.gates * units)
        states = FloatMemory(all * units)
        before = FloatMemory(all * units)
        reset = FloatMemory(all * units)
        errors = FloatMemory(batch * units)
        readErrors = rounding == nil ? errors : FloatMemory(batch * units)
        resetErrors = FloatMemory(batch * units)
    }

    var units: Int { rows.form.units }
    var width: Int { GRU.gates * units }
    /// The candidate's rows of the recurrent weights.
    var candidateWeights: UnsafeMutablePointer<Float> {
        recurrentWeights.values + 2 * units * units
    }

    func fit(_ store: ParameterStore, samples: Int) {
        rounding?.quantiser.fit(
            store,
            numbers: UnsafeBufferPointer(
                start: states.data, count: samples * rows.count * units))
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            let (samples, first) = (shard.samples, shard.samples.lowerBound * rows.count)
            guard !samples.isEmpty else { return }
            bias.fill(gates.data + first * width, rows: samples.count * rows.count)
            MatrixProduct.rowsByRows(
                input.data + first * rows.form.inputs, weights.values, gates.data + first * width,
                m: samples.count * rows.count, n: width, k: rows.form.inputs, adds: true)
            for sample in samples {
                (before.data + (sample * rows.count + rows.row(0)) * units)
                    .update(repeating: 0, count: units)
            }
            for step in 0..<rows.count {
                let start = first + rows.row(step)
                multiply(before, start, samples.count, recurrentWeights.values, 2 * units, gates, 0)
                if resetsAfter {
                    for sample in samples {
                        let row = sample * rows.count + rows.row(step)
                        if let recurrentBias {
                            recurrentBias.fill(reset.data + row * units, rows: 1)
                        } else {
                            (reset.data + row * units).update(repeating: 0, count: units)
                        }
                    }
                    multiply(before, start, samples.count, candidateWeights, units, reset, 0)
                }
                for sample in samples { open(sample, step) }
                if !resetsAfter {
                    multiply(reset, start, samples.count, candidateWeights, units, gates, 2 * units)
                }
                for sample in samples { advance(sample, step) }
            }
        }
    }

    /// Adds the product of a step's states with `n` rows of a matrix to what `y` has from `offset`
    /// on.
    private func multiply(
        _ x: FloatMemory, _ start: Int, _ samples: Int, _ w: UnsafePointer<Float>, _ n: Int,
        _ y: FloatMemory, _ offset: Int
    ) {
        let stride = y === gates ? width : units
        MatrixProduct.rowsByRows(
            x.data + start * units, w, y.data + start * stride + offset, m: samples, n: n,
            k: units, adds: true, ldx: rows.count * units, ldy: rows.count * stride)
    }

    /// Gates z and r of a row, and what they make of the state or the product.
    private func open(_ sample: Int, _ step: Int) {
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let (h, q) = (past(sample, step), reset.data + row * units)
        eachLanes(units) { u, n in
            let r = Lanes.sigmoid(z.lanes(units + u, n))
            z.store(Lanes.sigmoid(z.lanes(u, n)), u, n)
            z.store(r, units + u, n)
            if resetsAfter {
                z.store(z.lanes(2 * units + u, n) + r * q.lanes(u, n), 2 * units + u, n)
            } else {
                q.store(r * (h?.lanes(u, n) ?? Lanes()), u, n)
            }
        }
        if !resetsAfter { rounding?.round(q, into: q, count: units) }
    }

    /// The state before a step; nil before the first.
    func past(_ sample: Int, _ step: Int) -> UnsafeMutablePointer<Float>? {
        step == 0 ? nil : states.data + (sample * rows.count + rows.row(step - 1)) * units
    }

    /// Candidate and new state of one sample's step, to the output and the step behind it.
    private func advance(_ sample: Int, _ step: Int) {
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let h = past(sample, step)
        let after = states.data + row * units
        eachLanes(units) { u, n in
            let sum = z.lanes(2 * units + u, n)
            let candidate =
                switch self.candidate {
                case .tanh: Lanes.tanh(sum)
                case .clippedReLU:
                    sum.clamped(
                        lowerBound: Lanes(), upperBound: Lanes(repeating: GRU.Candidate.ceiling))
                }
            z.store(candidate, 2 * units + u, n)
            let gate = z.lanes(u, n)
            after.store((1 - gate) * candidate + gate * (h?.lanes(u, n) ?? Lanes()), u, n)
        }
        func put(_ target: UnsafeMutablePointer<Float>) {
            if let rounding {
                rounding.round(after, into: target, count: units)
            } else {
                target.update(from: after, count: units)
            }
        }
        if let next = rows.next(step) { put(before.data + (sample * rows.count + next) * units) }
        if let target = rows.output(sample, step) { put(output.data + target) }
    }
}
