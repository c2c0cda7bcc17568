// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// How a batch is cut: one run of samples for each of a fixed number of threads.
///
/// What a shard computes depends on its samples only; sums over shards are taken in their order. So
/// the same number of shards gives the same bits, whichever thread happens to run which.
struct Shards: Sendable {
    /// One thread's part of a batch.
    struct Shard {
        let index: Int
        let samples: Range<Int>
        /// Memory for this shard alone, as large as the hungriest layer asked for.
        let scratch: UnsafeMutablePointer<Float>
    }

    let count: Int
    /// Samples of the batch at hand.
    let samples: Int
    private let scratch: FloatMemory

    init(count: Int, samples: Int, scratch: FloatMemory) {
        self.count = count
        self.samples = samples
        self.scratch = scratch
    }

    /// Runs `body` once for each shard, all at the same time, and waits for the last.
    func run(_ body: (Shard) -> Void) {
        if count == 1 {
            body(shard(0))
            return
        }
        // Shards write to memory of their own, which the type system cannot see, and all have
        // returned when this does.
        withoutActuallyEscaping(body) { body in
            let work = Work(body: body)
            DispatchQueue.concurrentPerform(iterations: count) { work.body(shard($0)) }
        }
    }

    private struct Work: @unchecked Sendable {
        let body: (Shard) -> Void
    }

    private func shard(_ index: Int) -> Shard {
        Shard(
            index: index,
            samples: samples * index / count..<samples * (index + 1) / count,
            scratch: scratch.data + scratch.count / count * index)
    }
}
