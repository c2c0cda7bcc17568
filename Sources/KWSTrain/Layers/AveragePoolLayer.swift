// SPDX-License-Identifier: Apache-2.0

/// The mean over a window, padding counted as zeros: a depthwise convolution with equal weights.
struct AveragePoolLayer: Layer {
    let input: Port
    let output: Port
    let connections: Connections
    let channels: Int
    /// `1 / taps`, once a channel.
    private let share: FloatMemory

    init(input: Port, output: Port, connections: Connections, channels: Int, taps: Int) {
        self.input = input
        self.output = output
        self.connections = connections
        self.channels = channels
        share = FloatMemory(channels)
        share.data.update(repeating: 1 / Float(taps), count: channels)
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                WeightedSums.pixels(
                    connections.byOutput, channels: channels, start: nil, x: input.data(sample),
                    w: share.data, y: output.data(sample), pixel: { $0.input }, row: { _ in 0 })
            }
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                guard let dx = input.gradient(sample), let dy = output.gradient(sample) else {
                    return
                }
                WeightedSums.pixels(
                    connections.byInput, channels: channels, start: nil, x: dy, w: share.data,
                    y: dx, pixel: { $0.output }, row: { _ in 0 })
            }
        }
    }
}
