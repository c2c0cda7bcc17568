// SPDX-License-Identifier: Apache-2.0

/// The running mean and variance of one batch norm: moved by forward passes, not by gradients.
package struct RunningStatistics: @unchecked Sendable {
    /// The node's index and name in the graph.
    package let node: Int
    package let name: String
    package let channels: Int
    /// `[mean][variance]`, each of `channels` numbers.
    private let memory: FloatMemory

    init(node: Int, name: String, mean: [Float], variance: [Float]) {
        self.node = node
        self.name = name
        channels = mean.count
        memory = FloatMemory(2 * mean.count)
        for (i, number) in (mean + variance).enumerated() { memory.data[i] = number }
    }

    package var mean: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: memory.data, count: channels)
    }

    package var variance: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: memory.data + channels, count: channels)
    }
}

/// What a batch norm normalises by.
package enum BatchStatistics: Sendable {
    /// The batch's own mean and (biased) variance; running ones follow by
    /// `running += momentum * (batch - running)`, with the unbiased variance.
    case live(momentum: Float)
    /// The running ones, which stay as they are.
    case frozen
}
