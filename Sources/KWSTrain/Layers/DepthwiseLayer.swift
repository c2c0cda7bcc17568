// SPDX-License-Identifier: Apache-2.0

/// A depthwise convolution; weights `[kernelHeight][kernelWidth][out]`, `out = in * multiplier`.
///
/// A multiplier above 1 repeats each input channel first and sums its gradients afterwards.
struct DepthwiseLayer: Layer {
    let input: Port
    let output: Port
    let connections: Connections
    let weights: Parameter
    /// nil if the graph's bias is none.
    let bias: Bias?
    let outputs: Int

    private var multiplier: Int { outputs * connections.inputPixels / input.elements }

    /// A sample's widened input or its gradient.
    private var widenedElements: Int {
        multiplier == 1 ? 0 : connections.inputPixels * outputs
    }

    var scratchElements: Int { widenedElements + weights.count }

    /// A sample's input with as many channels as the output.
    private func widened(
        _ sample: Int, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        let x = input.data(sample)
        let multiplier = multiplier
        if multiplier == 1 { return UnsafePointer(x) }
        for i in 0..<input.elements {
            (scratch + i * multiplier).update(repeating: x[i], count: multiplier)
        }
        return UnsafePointer(scratch)
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                WeightedSums.pixels(
                    connections.byOutput, channels: outputs,
                    start: bias.map { UnsafePointer($0.parameter.values) },
                    x: widened(sample, shard.scratch), w: weights.values, y: output.data(sample),
                    pixel: { $0.input }, row: { $0.tap })
            }
        }
    }

    /// `dw[tap] = sum x[input] dy[output]`, `db = sum dy`, `dx[input] = sum w[tap] dy[output]`.
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            guard let dy = output.gradient(shard.samples.lowerBound) else { return }
            bias?.backward(
                dy, rows: shard.samples.count * connections.outputPixels, shard: shard.index)
            // One sample's sums first, then theirs: shorter sums, smaller errors.
            let dw = weights.gradient(shard.index)
            let part = shard.scratch + widenedElements
            dw.update(repeating: 0, count: weights.count)
            for sample in shard.samples {
                let dy = dy + (sample - shard.samples.lowerBound) * output.elements
                if weights.trainable {
                    WeightedSums.taps(
                        connections.byOutput, channels: outputs, taps: weights.count / outputs,
                        x: widened(sample, shard.scratch), dy: dy, dw: part)
                    dw.add(part, count: weights.count)
                }
                if let dx = input.gradient(sample) {
                    backward(dy, to: dx, shard.scratch)
                }
            }
        }
    }

    private func backward(
        _ dy: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let multiplier = multiplier
        WeightedSums.pixels(
            connections.byInput, channels: outputs, start: nil, x: dy, w: weights.values,
            y: multiplier == 1 ? dx : scratch, pixel: { $0.output }, row: { $0.tap })
        guard multiplier > 1 else { return }
        for i in 0..<input.elements {
            var sum: Float = 0
            for m in 0..<multiplier { sum += scratch[i * multiplier + m] }
            dx[i] = sum
        }
    }
}
