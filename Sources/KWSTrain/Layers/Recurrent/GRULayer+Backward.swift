// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension GRULayer {
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            guard let dy = output.gradient else { return }
            let parameters = [
                weights, recurrentWeights, bias.parameter, recurrentBias?.parameter,
                rounding?.size,
            ]
            for parameter in parameters.compactMap({ $0 }) {
                parameter.gradient(shard.index).update(repeating: 0, count: parameter.count)
            }
            let samples = shard.samples
            guard !samples.isEmpty else { return }
            for memory in [errors, readErrors] {
                (memory.data + samples.lowerBound * units).update(
                    repeating: 0, count: samples.count * units)
            }
            var sums = StateRounding.Sums()
            for step in (0..<rows.count).reversed() {
                let start = samples.lowerBound * rows.count + rows.row(step)
                for sample in samples {
                    if let source = rows.output(sample, step) {
                        (readErrors.data + sample * units).add(dy + source, count: units)
                    }
                    passRounding(sample, step, &sums)
                    close(sample, step)
                }
                // Through the candidate's matrix: to r * h, or to the state.
                if resetsAfter {
                    multiply(
                        reset.data + start * units, units, samples, candidateWeights, units,
                        readErrors)
                } else {
                    (resetErrors.data + samples.lowerBound * units).update(
                        repeating: 0, count: samples.count * units)
                    multiply(
                        gates.data + start * width + 2 * units, width, samples, candidateWeights,
                        units, resetErrors)
                    for sample in samples { open(sample, step, &sums) }
                }
                multiply(
                    gates.data + start * width, width, samples, recurrentWeights.values,
                    2 * units, readErrors)
            }
            rounding?.finish(sums, shard: shard.index)
            sum(shard, samples.lowerBound * rows.count, all: samples.count * rows.count)
        }
    }

    /// Takes what came to the state as it is read over to the state itself.
    private func passRounding(_ sample: Int, _ step: Int, _ sums: inout StateRounding.Sums) {
        guard let rounding else { return }
        let error = readErrors.data + sample * units
        let row = sample * rows.count + rows.row(step)
        rounding.pass(error, at: states.data + row * units, count: units, &sums)
        (errors.data + sample * units).add(error, count: units)
        error.update(repeating: 0, count: units)
    }

    /// Adds to a sample's gradients those of `k` sums through their rows of a matrix.
    private func multiply(
        _ dz: UnsafePointer<Float>, _ stride: Int, _ samples: Range<Int>,
        _ w: UnsafePointer<Float>, _ k: Int, _ target: FloatMemory
    ) {
        MatrixProduct.rowsByColumns(
            dz, w, target.data + samples.lowerBound * units, m: samples.count, n: units, k: k,
            adds: true, ldx: rows.count * stride)
    }

    /// The gradients of the sums of n and z of one row and, with the reset behind the product, of r
    /// and of that product, from that of the state; what is left of it is the way past the gates.
    private func close(_ sample: Int, _ step: Int) {
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let (h, q) = (past(sample, step), reset.data + row * units)
        let error = errors.data + sample * units
        eachLanes(units) { u, n in
            let (gate, r) = (z.lanes(u, n), z.lanes(units + u, n))
            let candidate = z.lanes(2 * units + u, n)
            let dh = error.lanes(u, n)
            var dN = dh * (1 - gate)
            switch self.candidate {
            case .tanh: dN *= 1 - candidate * candidate
            case .clippedReLU:
                let isInside = (candidate .> 0) .& (candidate .< GRU.Candidate.ceiling)
                dN.replace(with: 0, where: .!isInside)
            }
            let state = h?.lanes(u, n) ?? Lanes()
            z.store(dh * (state - candidate) * gate * (1 - gate), u, n)
            z.store(dN, 2 * units + u, n)
            error.store(dh * gate, u, n)
            if resetsAfter {
                z.store(dN * q.lanes(u, n) * r * (1 - r), units + u, n)
                q.store(dN * r, u, n)
            }
        }
    }

    /// With the reset before the product: the gradient of r's sum, and of the state through `r * h`.
    private func open(_ sample: Int, _ step: Int, _ sums: inout StateRounding.Sums) {
        let row = sample * rows.count + rows.row(step)
        let z = gates.data + row * width
        let h = past(sample, step)
        let error = errors.data + sample * units
        let product = resetErrors.data + sample * units
        eachLanes(units) { u, n in
            let (r, state) = (z.lanes(units + u, n), h?.lanes(u, n) ?? Lanes())
            var dq = product.lanes(u, n)
            if let rounding { dq = rounding.passed(dq, at: r * state, &sums) }
            z.store(dq * state * r * (1 - r), units + u, n)
            error.store(error.lanes(u, n) + dq * r, u, n)
        }
    }

    /// The gradients of the matrices and of the input, from those of all sums.
    private func sum(_ shard: Shards.Shard, _ first: Int, all: Int) {
        let dz = gates.data + first * width
        let inputs = rows.form.inputs
        bias.backward(dz, rows: all, shard: shard.index)
        if resetsAfter {
            recurrentBias?.backward(reset.data + first * units, rows: all, shard: shard.index)
        }
        if weights.trainable {
            MatrixProduct.columnsByColumns(
                dz, input.data + first * inputs, weights.gradient(shard.index), m: width,
                n: inputs, k: all, adds: false)
        }
        if recurrentWeights.trainable {
            let du = recurrentWeights.gradient(shard.index)
            MatrixProduct.columnsByColumns(
                dz, before.data + first * units, du, m: 2 * units, n: units, k: all, adds: false,
                ldx: width)
            // Reset after: the product's gradients with the states; before: n's with r * h.
            let (errors, factors, stride) =
                resetsAfter
                ? (reset.data + first * units, before.data, units)
                : (dz + 2 * units, reset.data, width)
            MatrixProduct.columnsByColumns(
                errors, factors + first * units, du + 2 * units * units, m: units, n: units,
                k: all, adds: false, ldx: stride)
        }
        if let dx = input.gradient {
            MatrixProduct.rowsByColumns(
                dz, weights.values, dx + first * inputs, m: all, n: inputs, k: width)
        }
    }
}
