// SPDX-License-Identifier: Apache-2.0

/// A clip that also rounds: `y = d * clamp(round(x / d), low, high)`, and only clips while the
/// network is not being rounded.
struct RoundingLayer: FittedLayer {
    let input: Port
    let output: Port
    let quantiser: ActivationQuantiser
    let size: Parameter
    let width: Parameter
    /// Whether rounding is on, for all layers of a network.
    let state: QuantiserState

    /// Adding and taking away 3 * 2^22 leaves a float of size below 2^21 rounded to a whole number,
    /// ties to even: the baseline of x86 has no instruction for it.
    static let rounding: Float = 12_582_912

    func fit(_ store: ParameterStore, samples: Int) {
        quantiser.fit(
            store,
            numbers: UnsafeBufferPointer(start: input.data, count: samples * input.elements))
    }

    func forward(_ pass: Pass) {
        let bounds = quantiser.bounds
        guard state.isOn else {
            pass.shards.run { shard in
                let x = input.data(shard.samples.lowerBound)
                let y = output.data(shard.samples.lowerBound)
                eachLanes(shard.samples.count * input.elements) { i, n in
                    y.store(bounds.clip(x.lanes(i, n)), i, n)
                }
            }
            return
        }
        let grid = quantiser.grid
        if let requantisation = grid.requantisation {
            requantise(requantisation, grid, pass)
            return
        }
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            eachLanes(shard.samples.count * input.elements) { i, n in
                y.store(grid.rounded(x.lanes(i, n)), i, n)
            }
        }
    }

    /// What the integer network makes of the same sums.
    private func requantise(
        _ requantisation: RequantisationGrid, _ grid: ActivationQuantiser.Grid, _ pass: Pass
    ) {
        // A step more than the levels: enough to be clipped, and small enough to be rounded.
        let near = Bounds(lower: grid.low - 2, upper: grid.high + 2)
        let levels = Bounds(lower: grid.low, upper: grid.high)
        let (step, inverse) = (grid.step, 1 / grid.step)
        let (resolution, zero) = (requantisation.resolution, -grid.low)
        let channels = requantisation.offsets.count
        requantisation.offsets.withUnsafeBufferPointer { offsets in
            requantisation.biases.withUnsafeBufferPointer { biases in
                guard let offsets = offsets.baseAddress, let biases = biases.baseAddress else {
                    return
                }
                nonisolated(unsafe) let (u, b) = (offsets, biases)
                pass.shards.run { shard in
                    let x = input.data(shard.samples.lowerBound)
                    let y = output.data(shard.samples.lowerBound)
                    func run(_ at: Int, _ n: Int, _ u: Lanes, _ b: Lanes) {
                        let sum = near.clip(x.lanes(at, n) * inverse) - u
                        let whole = RequantisationGrid.floor(sum * resolution)
                        let level = RequantisationGrid.floor((whole + b) * (1 / resolution))
                        y.store(levels.clip(level - zero) * step, at, n)
                    }
                    let count = shard.samples.count * input.elements
                    if channels == 1 {
                        let (u, b) = (Lanes(repeating: u[0]), Lanes(repeating: b[0]))
                        eachLanes(count) { i, n in run(i, n, u, b) }
                    } else {
                        for row in stride(from: 0, to: count, by: channels) {
                            eachLanes(channels) { c, n in
                                run(row + c, n, u.lanes(c, n), b.lanes(c, n))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Straight through where x lies in range. Sums of the size's and the width's gradient in
    /// double, as `QuantiserForm` defines them.
    func backward(_ pass: Pass) {
        let grid = quantiser.grid
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dy = output.gradient(sample) else { return }
            let (x, y, dx) = (input.data(sample), output.data(sample), input.gradient(sample))
            var (inner, outer) = (0.0, 0.0)
            for first in stride(
                from: 0, to: shard.samples.count * input.elements, by: input.elements)
            {
                var (innerLanes, outerLanes) = (Lanes(), Lanes())
                eachLanes(input.elements) { i, n in
                    let at = first &+ i
                    let (x, y, g) = (x.lanes(at, n), y.lanes(at, n), dy.lanes(at, n))
                    let passed = grid.passed(g, at: x)
                    innerLanes += passed * (y - x)
                    outerLanes += (g - passed) * y
                    dx?.store(passed, at, n)
                }
                inner += Double(innerLanes.sum())
                outer += Double(outerLanes.sum())
            }
            // A grid that the accumulator dictates is not learned.
            if grid.isHeld { (inner, outer) = (0, 0) }
            size.gradient(shard.index)[0] = Float(naturalLogarithmOf2 * (inner + outer))
            width.gradient(shard.index)[0] = Float(
                quantiser.form.widthGradient(
                    inner: inner, outer: outer, width: width.values[0], bits: grid.bits,
                    kind: grid.kind))
        }
    }
}

/// Whether a network rounds at the moment.
final class QuantiserState: @unchecked Sendable {
    var isOn = true
}
