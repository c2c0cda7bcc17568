// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// An LSTM, back-propagated through time; equations and shapes as in `LSTM`.
///
/// The products with all inputs are one product before the steps, and so are the gradients of all
/// matrices behind them; a step multiplies the states of a shard's samples.
struct LSTMLayer: FittedLayer {
    let input: Port
    let output: Port
    let rows: RecurrentRows
    let weights: Parameter
    let recurrentWeights: Parameter
    let bias: Bias
    let peepholes: Parameter?
    let projection: Parameter?
    let rounding: StateRounding?
    /// Of each sample and row: gates `[4][unit]`, then their sums' gradients; the cells behind it,
    /// their tanh, what the units put out; the state behind it; the state before it as products read
    /// it, and its output's gradient.
    let gates: FloatMemory
    let cells: FloatMemory
    let squashed: FloatMemory
    let hidden: FloatMemory
    let states: FloatMemory
    let before: FloatMemory
    let errors: FloatMemory
    /// Of each sample what comes back through the cells, and through the units' outputs.
    let carried: FloatMemory
    let hiddenErrors: FloatMemory

    init(
        input: Port, output: Port, rows: RecurrentRows, weights: Parameter,
        recurrentWeights: Parameter, bias: Bias, peepholes: Parameter?, projection: Parameter?,
        rounding: StateRounding?, batch: Int
    ) {
        self.input = input
        self.output = output
        self.rows = rows
        self.weights = weights
        self.recurrentWeights = recurrentWeights
        self.bias = bias
        self.peepholes = peepholes
        self.projection = projection
        self.rounding = rounding
        let (all, units) = (batch * rows.count, rows.form.units)
        gates = FloatMemory(all * LSTM.gates * units)
        cells = FloatMemory(all * units)
        squashed = FloatMemory(all * units)
        hidden = FloatMemory(all * units)
        states = projection == nil ? hidden : FloatMemory(all * rows.outputs)
        before = FloatMemory(all * rows.outputs)
        errors = FloatMemory(all * rows.outputs)
        carried = FloatMemory(batch * units)
        hiddenErrors = FloatMemory(batch * units)
    }

    var units: Int { rows.form.units }
    var width: Int { LSTM.gates * units }

    func fit(_ store: ParameterStore, samples: Int) {
        guard let rounding else { return }
        rounding.quantiser.fit(
            store,
            numbers: UnsafeBufferPointer(
                start: states.data, count: samples * rows.count * rows.outputs))
        guard let range = rounding.quantiser.cellRange else { return }
        let most = (0..<samples * rows.count * units).reduce(0) { max($0, abs(cells.data[$1])) }
        store.values[range.range.lowerBound] = Float(
            (0..<12).first { most < Float(1 << $0) } ?? 12)
    }

    func forward(_ pass: Pass) {
        let bounds = cellBounds
        pass.shards.run { shard in
            let (samples, first) = (shard.samples.count, shard.samples.lowerBound * rows.count)
            guard samples > 0 else { return }
            bias.fill(gates.data + first * width, rows: samples * rows.count)
            MatrixProduct.rowsByRows(
                input.data + first * rows.form.inputs, weights.values, gates.data + first * width,
                m: samples * rows.count, n: width, k: rows.form.inputs, adds: true)
            for step in 0..<rows.count {
                let start = first + rows.row(step)
                if step == 0 {
                    for sample in shard.samples {
                        (before.data + (sample * rows.count + rows.row(0)) * rows.outputs)
                            .update(repeating: 0, count: rows.outputs)
                    }
                } else {
                    MatrixProduct.rowsByRows(
                        before.data + start * rows.outputs, recurrentWeights.values,
                        gates.data + start * width, m: samples, n: width, k: rows.outputs,
                        adds: true, ldx: rows.count * rows.outputs, ldy: rows.count * width)
                }
                for sample in shard.samples { advance(sample, step, bounds) }
                project(shard.samples, step)
            }
        }
    }

    /// What cells saturate at.
    var cellBounds: Bounds {
        rounding.map { Bounds(lower: -$0.cellLimit, upper: $0.cellLimit) } ?? Bounds()
    }

    /// Gates, cells and units of one sample's step.
    private func advance(_ sample: Int, _ step: Int, _ bounds: Bounds) {
        let roundsUnits = projection != nil && rounding?.isOn == true
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let old = step == 0 ? nil : cells.data + (sample * rows.count + rows.row(step - 1)) * units
        eachLanes(units) { u, n in
            let c = old?.lanes(u, n) ?? Lanes()
            func peephole(_ gate: Int, _ cell: Lanes) -> Lanes {
                peepholes.map { $0.values.lanes(gate * units + u, n) * cell } ?? Lanes()
            }
            let i = Lanes.sigmoid(z.lanes(u, n) + peephole(0, c))
            let f = Lanes.sigmoid(z.lanes(units + u, n) + peephole(1, c))
            let g = Lanes.tanh(z.lanes(2 * units + u, n))
            let cell = bounds.clip(f * c + i * g)
            let o = Lanes.sigmoid(z.lanes(3 * units + u, n) + peephole(2, cell))
            let squash = Lanes.tanh(cell)
            z.store(i, u, n)
            z.store(f, units + u, n)
            z.store(g, 2 * units + u, n)
            z.store(o, 3 * units + u, n)
            (cells.data + row * units).store(cell, u, n)
            (squashed.data + row * units).store(squash, u, n)
            var unit = o * squash
            if roundsUnits {
                let level = unit * (1 / StateRounding.unitStep)
                unit = ((level + RoundingLayer.rounding) - RoundingLayer.rounding)
                unit *= StateRounding.unitStep
            }
            (hidden.data + row * units).store(unit, u, n)
        }
    }

    /// The states behind a step, rounded to the output and to where the next step reads them.
    private func project(_ samples: Range<Int>, _ step: Int) {
        if let projection {
            let start = samples.lowerBound * rows.count + rows.row(step)
            MatrixProduct.rowsByRows(
                hidden.data + start * units, projection.values, states.data + start * rows.outputs,
                m: samples.count, n: rows.outputs, k: units, adds: false, ldx: rows.count * units,
                ldy: rows.count * rows.outputs)
        }
        for sample in samples {
            let state = states.data + (sample * rows.count + rows.row(step)) * rows.outputs
            func put(_ target: UnsafeMutablePointer<Float>) {
                if let rounding {
                    rounding.round(state, into: target, count: rows.outputs)
                } else {
                    target.update(from: state, count: rows.outputs)
                }
            }
            if let next = rows.next(step) {
                put(before.data + (sample * rows.count + next) * rows.outputs)
            }
            if let target = rows.output(sample, step) { put(output.data + target) }
        }
    }
}
