// SPDX-License-Identifier: Apache-2.0

/// A clip that also rounds: `y = d * clamp(round(x / d), low, high)`, and only clips while the
/// network is not being rounded.
struct RoundingLayer: Layer {
    let input: Port
    let output: Port
    let quantiser: ActivationQuantiser
    let size: Parameter
    let width: Parameter
    /// Whether rounding is on, for all layers of a network.
    let state: QuantiserState

    /// Adding and taking away 3 * 2^22 leaves a float of size below 2^21 rounded to a whole number,
    /// ties to even: the baseline of x86 has no instruction for it.
    private static let rounding: Float = 12_582_912

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
        let levels = Bounds(lower: grid.low, upper: grid.high)
        let (step, inverse, rounding) = (grid.step, 1 / grid.step, Self.rounding)
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            eachLanes(shard.samples.count * input.elements) { i, n in
                let level = levels.clip(x.lanes(i, n) * inverse)
                y.store(((level + rounding) - rounding) * step, i, n)
            }
        }
    }

    /// Straight through where x lies in range. Sums of the size's and the width's gradient in
    /// double, as `QuantiserForm` defines them.
    func backward(_ pass: Pass) {
        let grid = quantiser.grid
        let (inverse, low, high) = (1 / grid.step, grid.low, grid.high)
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
                    let level = x * inverse
                    let inRange = (level .>= low) .& (level .<= high)
                    let passed = Lanes().replacing(with: g, where: inRange)
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
