// SPDX-License-Identifier: Apache-2.0

/// One step of a network over a batch, forwards and backwards.
///
/// A layer reads and writes memory that it was given when it was made, samples one behind another,
/// channels last. It cuts its work by `pass.shards` and leaves nothing running.
protocol Layer: Sendable {
    /// Floats of scratch memory that a shard needs.
    var scratchElements: Int { get }

    /// Computes the output from the inputs.
    func forward(_ pass: Pass)

    /// Computes the parameters' gradients, each shard its part, and the gradients of those inputs
    /// that have one, from the output's; `forward` of the same batch went before.
    func backward(_ pass: Pass)
}

extension Layer {
    var scratchElements: Int { 0 }
}

/// What a pass over the network tells its layers.
struct Pass {
    let shards: Shards
    let statistics: BatchStatistics
}

/// A value as a layer sees it.
struct Port: @unchecked Sendable {
    /// Numbers of a sample.
    let elements: Int
    let data: UnsafeMutablePointer<Float>
    /// Where to write, or for an output to read, the gradient; nil if nobody asks for it.
    let gradient: UnsafeMutablePointer<Float>?

    @inline(__always)
    func data(_ sample: Int) -> UnsafeMutablePointer<Float> { data + sample * elements }

    @inline(__always)
    func gradient(_ sample: Int) -> UnsafeMutablePointer<Float>? {
        gradient.map { $0 + sample * elements }
    }
}
