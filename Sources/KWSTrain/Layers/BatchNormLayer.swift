// SPDX-License-Identifier: Apache-2.0

/// Batch normalisation (Ioffe and Szegedy 2015) with the clip that follows it, if one does:
/// `y = clip((x - mean) * gain + beta)`, `gain = gamma / sqrt(variance + epsilon)`.
///
/// The clip costs no pass of its own: forwards it is on the way, backwards its input is computed
/// again from x, bit for bit.
struct BatchNormLayer: Layer {
    let input: Port
    let output: Port
    let gamma: Parameter
    let beta: Parameter
    let running: RunningStatistics
    let epsilon: Float
    let bounds: Bounds
    private let moments: BatchMoments
    /// Rows of C: what the passes need of each channel.
    private let state: FloatMemory

    private var channels: Int { gamma.count }
    private var mean: UnsafeMutablePointer<Float> { state.data }
    /// `1 / sqrt(variance + epsilon)`.
    private var inverse: UnsafeMutablePointer<Float> { state.data + channels }
    private var gain: UnsafeMutablePointer<Float> { state.data + 2 * channels }
    /// What the batch's mean and variance take from each gradient, see `backward`.
    private var mean1: UnsafeMutablePointer<Float> { state.data + 3 * channels }
    private var mean2: UnsafeMutablePointer<Float> { state.data + 4 * channels }

    init(
        input: Port, output: Port, gamma: Parameter, beta: Parameter, running: RunningStatistics,
        epsilon: Float, bounds: Bounds, shards: Int
    ) {
        self.input = input
        self.output = output
        self.gamma = gamma
        self.beta = beta
        self.running = running
        self.epsilon = epsilon
        self.bounds = bounds
        moments = BatchMoments(channels: gamma.count, shards: shards)
        state = FloatMemory(5 * gamma.count)
    }

    /// Mean and biased variance of each channel in what the last forward pass read.
    func inputMoments(_ shards: Shards) -> [(mean: Double, variance: Double)] {
        moments.measure(input, shards)
        return (0..<channels).map { moments.result($0, rows: rows(shards.samples)) }
    }

    private func rows(_ samples: Int) -> Int { samples * (input.elements / channels) }

    func forward(_ pass: Pass) {
        normaliseBy(pass)
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            let (channels, mean, gain, beta) = (channels, mean, gain, beta.values)
            let bounds = bounds
            for row in 0..<rows(shard.samples.count) {
                let (x, y) = (x + row &* channels, y + row &* channels)
                eachLanes(channels) { c, n in
                    let z =
                        (x.lanes(c, n) - mean.lanes(c, n)) * gain.lanes(c, n) + beta.lanes(c, n)
                    y.store(bounds.clip(z), c, n)
                }
            }
        }
    }

    /// Sets mean, inverse and gain, and moves the running statistics if they are live.
    private func normaliseBy(_ pass: Pass) {
        if case .live(let momentum) = pass.statistics {
            let rows = rows(pass.shards.samples)
            moments.measure(input, pass.shards)
            // The unbiased variance, of which one row has none.
            let unbiased = Double(rows) / Double(max(rows - 1, 1))
            for c in 0..<channels {
                let (batchMean, variance) = moments.result(c, rows: rows)
                mean[c] = Float(batchMean)
                inverse[c] = Float(1 / (variance + Double(epsilon)).squareRoot())
                running.mean[c] += momentum * (Float(batchMean) - running.mean[c])
                running.variance[c] +=
                    momentum * (Float(variance * unbiased) - running.variance[c])
            }
        } else {
            for c in 0..<channels {
                mean[c] = running.mean[c]
                inverse[c] = 1 / (running.variance[c] + epsilon).squareRoot()
            }
        }
        for c in 0..<channels { gain[c] = gamma.values[c] * inverse[c] }
    }

    /// With g the gradient behind the clip and x' the normalised x: `dbeta = sum g`,
    /// `dgamma = sum g x'`, and, N rows having made mean and variance,
    /// `dx = gain (g - dbeta / N - x' dgamma / N)`; with frozen statistics `dx = gain g`.
    func backward(_ pass: Pass) {
        let (channels, mean, gain, beta) = (channels, mean, gain, beta.values)
        let bounds = bounds
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dy = output.gradient(sample) else { return }
            let x = input.data(sample)
            let (sums, products) = moments.clear(shard.index)
            ColumnSums.addTwo(
                rows: rows(shard.samples.count), columns: channels, to: sums, and: products
            ) { row, c, n in
                let centred = (x + row).lanes(c, n) - mean.lanes(c, n)
                let z = centred * gain.lanes(c, n) + beta.lanes(c, n)
                let g = bounds.pass((dy + row).lanes(c, n), at: z)
                return (g, g * centred)
            }
            for c in 0..<channels {
                self.beta.gradient(shard.index)[c] = Float(sums[c])
                gamma.gradient(shard.index)[c] = Float(products[c] * Double(inverse[c]))
            }
        }
        guard input.gradient != nil else { return }
        shareGradient(pass)
        let (mean1, mean2) = (mean1, mean2)
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dx = input.gradient(sample), let dy = output.gradient(sample) else { return }
            let x = input.data(sample)
            for row in 0..<rows(shard.samples.count) {
                let at = row &* channels
                eachLanes(channels) { c, n in
                    let centred = (x + at).lanes(c, n) - mean.lanes(c, n)
                    let z = centred * gain.lanes(c, n) + beta.lanes(c, n)
                    let g = bounds.pass((dy + at).lanes(c, n), at: z)
                    let shared = mean1.lanes(c, n) + centred * mean2.lanes(c, n)
                    (dx + at).store(g * gain.lanes(c, n) - shared, c, n)
                }
            }
        }
    }

    /// `mean1 = gain dbeta / N`, `mean2 = gain inverse dgamma / N`; 0 with frozen statistics.
    private func shareGradient(_ pass: Pass) {
        var share = 0.0
        if case .live = pass.statistics { share = 1 / Double(rows(pass.shards.samples)) }
        for c in 0..<channels {
            let (sum, product) = moments.totals(c)
            let scaled = share * Double(gain[c])
            mean1[c] = Float(scaled * sum)
            mean2[c] = Float(scaled * product * Double(inverse[c]) * Double(inverse[c]))
        }
    }
}
