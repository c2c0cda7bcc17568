// SPDX-License-Identifier: Apache-2.0

/// `y = x * scale + offset`, one of each a channel.
struct AffineLayer: Layer {
    let input: Port
    let output: Port
    let scale: Parameter
    let offset: Parameter

    private var channels: Int { scale.count }

    private func rows(_ shard: Shards.Shard) -> Int {
        shard.samples.count * (input.elements / channels)
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            for row in 0..<rows(shard) {
                let (x, y) = (x + row * channels, y + row * channels)
                eachLanes(channels) { c, n in
                    y.store(
                        x.lanes(c, n) * scale.values.lanes(c, n) + offset.values.lanes(c, n), c, n)
                }
            }
        }
    }

    /// `dscale = sum x dy`, `doffset = sum dy`, `dx = scale dy`.
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dy = output.gradient(sample) else { return }
            if scale.trainable || offset.trainable {
                let x = input.data(sample)
                withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * channels) { sums in
                    guard let sums = sums.baseAddress else { return }
                    sums.initialize(repeating: 0, count: 2 * channels)
                    ColumnSums.addTwo(
                        rows: rows(shard), columns: channels, to: sums, and: sums + channels
                    ) { row, c, n in
                        let dy = (dy + row).lanes(c, n)
                        return (dy * (x + row).lanes(c, n), dy)
                    }
                    for c in 0..<channels {
                        scale.gradient(shard.index)[c] = Float(sums[c])
                        offset.gradient(shard.index)[c] = Float(sums[channels + c])
                    }
                }
            }
            guard let dx = input.gradient(sample) else { return }
            for row in 0..<rows(shard) {
                let (dx, dy) = (dx + row * channels, dy + row * channels)
                eachLanes(channels) { c, n in
                    dx.store(dy.lanes(c, n) * scale.values.lanes(c, n), c, n)
                }
            }
        }
    }
}
