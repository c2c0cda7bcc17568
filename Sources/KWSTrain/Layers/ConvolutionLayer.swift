// SPDX-License-Identifier: Apache-2.0

/// A convolution as a matrix product of patches; weights `[out][kernelHeight][kernelWidth][in]`.
///
/// Patches are made for a few samples at a time, so that they are still in the cache when the
/// product reads them, and made again in the backward pass.
struct ConvolutionLayer: Layer {
    let input: Port
    let output: Port
    let patches: Patches
    let weights: Parameter
    /// nil if the graph's bias is none.
    let bias: Bias?
    let outputs: Int

    /// Samples whose patches are made together: 256 KB, a part of a core's second-level cache.
    private var block: Int { max(1, (1 << 16) / (patches.pixels * patches.depth)) }

    var scratchElements: Int { block * patches.pixels * patches.depth }

    /// Calls `body` with the first sample and the rows of each block.
    private func eachBlock(_ samples: Range<Int>, _ body: (_ first: Int, _ rows: Int) -> Void) {
        for first in stride(from: samples.lowerBound, to: samples.upperBound, by: block) {
            body(first, min(block, samples.upperBound - first) * patches.pixels)
        }
    }

    private func gather(_ first: Int, rows: Int, into scratch: UnsafeMutablePointer<Float>) {
        for i in 0..<rows / patches.pixels {
            patches.gather(
                input.data(first + i), into: scratch + i * patches.pixels * patches.depth)
        }
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            eachBlock(shard.samples) { first, rows in
                gather(first, rows: rows, into: shard.scratch)
                bias?.fill(output.data(first), rows: rows)
                MatrixProduct.rowsByRows(
                    shard.scratch, weights.values, output.data(first), m: rows, n: outputs,
                    k: patches.depth, adds: bias != nil)
            }
        }
    }

    /// `dW = dy^T P`, `db = sum dy`, `dP = dy W`, with P the patches of x.
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dy = output.gradient(sample) else { return }
            bias?.backward(
                dy, rows: shard.samples.count * patches.pixels, shard: shard.index)
            if weights.trainable {
                let dw = weights.gradient(shard.index)
                dw.update(repeating: 0, count: weights.count)
                eachBlock(shard.samples) { first, rows in
                    gather(first, rows: rows, into: shard.scratch)
                    MatrixProduct.columnsByColumns(
                        dy + (first - sample) * output.elements, shard.scratch, dw, m: outputs,
                        n: patches.depth, k: rows, adds: true)
                }
            }
            guard let dx = input.gradient(sample) else { return }
            eachBlock(shard.samples) { first, rows in
                MatrixProduct.rowsByColumns(
                    dy + (first - sample) * output.elements, weights.values, shard.scratch,
                    m: rows, n: patches.depth, k: outputs)
                for i in 0..<rows / patches.pixels {
                    patches.scatter(
                        shard.scratch + i * patches.pixels * patches.depth,
                        to: dx + (first - sample + i) * input.elements)
                }
            }
        }
    }
}
