// SPDX-License-Identifier: Apache-2.0

/// Two sums a channel over a batch, shard by shard in double.
final class BatchMoments: @unchecked Sendable {
    private let channels: Int
    private let shards: Int
    /// `[shard][2][channel]`.
    private let sums: UnsafeMutablePointer<Double>
    /// A number near each channel's mean: the batch's first row.
    private let pivot: FloatMemory

    init(channels: Int, shards: Int) {
        self.channels = channels
        self.shards = shards
        sums = .allocate(capacity: 2 * channels * shards)
        sums.initialize(repeating: 0, count: 2 * channels * shards)
        pivot = FloatMemory(channels)
    }

    deinit {
        sums.deallocate()
    }

    /// A shard's two rows of sums, set to zero.
    func clear(_ shard: Int) -> (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) {
        let start = sums + shard * 2 * channels
        start.update(repeating: 0, count: 2 * channels)
        return (start, start + channels)
    }

    /// Both sums of a channel over all shards, in their order.
    func totals(_ channel: Int) -> (Double, Double) {
        var totals = (0.0, 0.0)
        for shard in 0..<shards {
            totals.0 += sums[shard * 2 * channels + channel]
            totals.1 += sums[(shard * 2 + 1) * channels + channel]
        }
        return totals
    }

    /// Sums `x - pivot` and its square over the batch: the pivot keeps the variance's digits where
    /// the mean is far from zero.
    func measure(_ x: Port, _ shards: Shards) {
        let (channels, pivot) = (channels, pivot.data)
        pivot.update(from: x.data, count: channels)
        shards.run { shard in
            let data = x.data(shard.samples.lowerBound)
            let (sums, squares) = clear(shard.index)
            ColumnSums.addTwo(
                rows: shard.samples.count * (x.elements / channels), columns: channels, to: sums,
                and: squares
            ) { row, c, n in
                let shifted = (data + row).lanes(c, n) - pivot.lanes(c, n)
                return (shifted, shifted * shifted)
            }
        }
    }

    /// Mean and biased variance of what `measure` summed.
    func result(_ channel: Int, rows: Int) -> (mean: Double, variance: Double) {
        let (sum, squares) = totals(channel)
        let shift = sum / Double(rows)
        let variance = max(0, squares / Double(rows) - shift * shift)
        return (Double(pivot.data[channel]) + shift, variance)
    }
}
