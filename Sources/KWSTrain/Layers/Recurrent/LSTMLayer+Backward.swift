// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension LSTMLayer {
    func backward(_ pass: Pass) {
        let bounds = cellBounds
        pass.shards.run { shard in
            guard let dy = output.gradient else { return }
            let parameters = [weights, recurrentWeights, bias.parameter]
            let others = [peepholes, projection, rounding?.size].compactMap { $0 }
            for parameter in parameters + others {
                parameter.gradient(shard.index).update(repeating: 0, count: parameter.count)
            }
            guard !shard.samples.isEmpty else { return }
            var sums = StateRounding.Sums()
            for step in (0..<rows.count).reversed() {
                receive(dy, shard.samples, step, &sums)
                for sample in shard.samples {
                    retreat(sample, step, bounds, peepholes: peepholes?.gradient(shard.index))
                }
            }
            rounding?.finish(sums, shard: shard.index)
            let first = shard.samples.lowerBound * rows.count
            sum(shard, first, all: shard.samples.count * rows.count)
        }
    }

    /// The gradients of a step's states, from the output and from the sums of the step behind it,
    /// and of the units' outputs.
    private func receive(
        _ dy: UnsafePointer<Float>, _ samples: Range<Int>, _ step: Int,
        _ sums: inout StateRounding.Sums
    ) {
        let start = samples.lowerBound * rows.count + rows.row(step)
        let dr = errors.data + start * rows.outputs
        if let next = rows.next(step) {
            MatrixProduct.rowsByColumns(
                gates.data + (samples.lowerBound * rows.count + next) * width,
                recurrentWeights.values, dr, m: samples.count, n: rows.outputs, k: width,
                ldx: rows.count * width, ldy: rows.count * rows.outputs)
        }
        for sample in samples {
            let row = sample * rows.count + rows.row(step)
            let error = errors.data + row * rows.outputs
            if rows.next(step) == nil { error.update(repeating: 0, count: rows.outputs) }
            if let source = rows.output(sample, step) {
                error.add(dy + source, count: rows.outputs)
            }
            rounding?.pass(
                error, at: states.data + row * rows.outputs, count: rows.outputs, &sums)
        }
        let dh = hiddenErrors.data + samples.lowerBound * units
        if let projection {
            MatrixProduct.rowsByColumns(
                dr, projection.values, dh, m: samples.count, n: units, k: rows.outputs,
                ldx: rows.count * rows.outputs)
        } else {
            for sample in samples {
                (hiddenErrors.data + sample * units).update(
                    from: errors.data + (sample * rows.count + rows.row(step)) * units,
                    count: units)
            }
        }
    }

    /// The gradients of one sample's sums, in the gates' place, and of the cells before it.
    private func retreat(
        _ sample: Int, _ step: Int, _ bounds: Bounds,
        peepholes gradient: UnsafeMutablePointer<Float>?
    ) {
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let old = step == 0 ? nil : cells.data + (sample * rows.count + rows.row(step - 1)) * units
        let carried = self.carried.data + sample * units
        let isLast = rows.next(step) == nil
        eachLanes(units) { u, n in
            let (i, f) = (z.lanes(u, n), z.lanes(units + u, n))
            let (g, o) = (z.lanes(2 * units + u, n), z.lanes(3 * units + u, n))
            let c = old?.lanes(u, n) ?? Lanes()
            let squash = (squashed.data + row * units).lanes(u, n)
            let dh = (hiddenErrors.data + sample * units).lanes(u, n)
            func peephole(_ gate: Int) -> Lanes {
                peepholes.map { $0.values.lanes(gate * units + u, n) } ?? Lanes()
            }
            let dO = dh * squash * o * (1 - o)
            let cell = (cells.data + row * units).lanes(u, n)
            let dc = bounds.pass(
                (isLast ? Lanes() : carried.lanes(u, n)) + dh * o * (1 - squash * squash)
                    + dO * peephole(2), at: cell)
            let dI = dc * g * i * (1 - i)
            let dF = dc * c * f * (1 - f)
            let dG = dc * i * (1 - g * g)
            carried.store(dc * f + dI * peephole(0) + dF * peephole(1), u, n)
            z.store(dI, u, n)
            z.store(dF, units + u, n)
            z.store(dG, 2 * units + u, n)
            z.store(dO, 3 * units + u, n)
            guard let gradient else { return }
            gradient.store(gradient.lanes(u, n) + dI * c, u, n)
            gradient.store(gradient.lanes(units + u, n) + dF * c, units + u, n)
            gradient.store(gradient.lanes(2 * units + u, n) + dO * cell, 2 * units + u, n)
        }
    }

    /// The gradients of the matrices and of the input, from those of all sums.
    private func sum(_ shard: Shards.Shard, _ first: Int, all: Int) {
        let dz = gates.data + first * width
        let inputs = rows.form.inputs
        bias.backward(dz, rows: all, shard: shard.index)
        if weights.trainable {
            MatrixProduct.columnsByColumns(
                dz, input.data + first * inputs, weights.gradient(shard.index), m: width,
                n: inputs, k: all, adds: false)
        }
        if recurrentWeights.trainable {
            MatrixProduct.columnsByColumns(
                dz, before.data + first * rows.outputs, recurrentWeights.gradient(shard.index),
                m: width, n: rows.outputs, k: all, adds: false)
        }
        if let projection, projection.trainable {
            MatrixProduct.columnsByColumns(
                errors.data + first * rows.outputs, hidden.data + first * units,
                projection.gradient(shard.index), m: rows.outputs, n: units, k: all, adds: false)
        }
        if let dx = input.gradient {
            MatrixProduct.rowsByColumns(
                dz, weights.values, dx + first * inputs, m: all, n: inputs, k: width)
        }
    }
}
