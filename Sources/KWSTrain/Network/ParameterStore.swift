// SPDX-License-Identifier: Apache-2.0

/// All parameters of a network in one vector, and their gradients in a second of the same layout.
package final class ParameterStore: @unchecked Sendable {
    package let slices: [ParameterSlice]
    private let memory: FloatMemory
    /// What layers read in place of the parameters if these are quantised; else the same memory.
    private let seen: FloatMemory
    private let sum: FloatMemory
    /// What each shard adds to the gradient; a layer writes its slice in each backward pass.
    private let parts: FloatMemory
    private let shards: Int

    init(_ slices: [ParameterSlice], shards: Int, isQuantised: Bool = false) {
        self.slices = slices
        self.shards = shards
        let count = slices.last?.range.upperBound ?? 0
        memory = FloatMemory(count)
        seen = isQuantised ? FloatMemory(count) : memory
        sum = FloatMemory(count)
        parts = FloatMemory(count * shards)
    }

    package var count: Int { memory.count }

    package var values: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: memory.data, count: count)
    }

    /// The gradient of the mean loss after `TrainableNetwork.backward`.
    package var gradients: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: sum.data, count: count)
    }

    /// The parameters as layers see them: rounded, if the network is quantised.
    package var effective: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: seen.data, count: count)
    }

    /// What a layer sees of slice `index`.
    func parameter(_ index: Int) -> Parameter {
        let slice = slices[index]
        return Parameter(
            values: seen.data + slice.range.lowerBound,
            gradients: parts.data + slice.range.lowerBound, shardStride: count,
            count: slice.range.count, trainable: slice.trainable)
    }

    /// Sums the shards' gradients in their order.
    func reduce() {
        sum.data.update(from: parts.data, count: count)
        for shard in 1..<max(shards, 1) {
            sum.data.add(parts.data + shard * count, count: count)
        }
    }
}

/// A layer's view of one slice.
struct Parameter: @unchecked Sendable {
    let values: UnsafeMutablePointer<Float>
    fileprivate let gradients: UnsafeMutablePointer<Float>
    fileprivate let shardStride: Int
    let count: Int
    let trainable: Bool

    /// Where shard `shard` writes its part of the gradient.
    func gradient(_ shard: Int) -> UnsafeMutablePointer<Float> {
        gradients + shard * shardStride
    }
}
