// SPDX-License-Identifier: Apache-2.0

/// `y[row] = W x[row] + b`: a dense layer (one row a sample) or a 1x1 convolution of stride 1 (one
/// row a pixel). Shapes: x `[rows][depth]`, W `[outputs][depth]`, y `[rows][outputs]`.
struct LinearLayer: Layer {
    let input: Port
    let output: Port
    let weights: Parameter
    /// nil if the graph's bias is none.
    let bias: Bias?
    /// Input and output channels.
    let depth: Int
    let outputs: Int

    /// Rows that are worked on together: x and y, or y's gradient for both products that read it,
    /// stay in the cache between the passes that OpenBLAS makes over them (4 % of a DS-CNN's step).
    private var block: Int { max(32, (1 << 15) / (depth + outputs)) }

    /// Calls `body` with each block of a shard: its first row in the batch and its number of rows.
    private func eachBlock(
        _ shard: Shards.Shard, _ body: (_ first: Int, _ rows: Int) -> Void
    ) {
        let rowsPerSample = input.elements / depth
        let end = shard.samples.upperBound * rowsPerSample
        for first in stride(from: shard.samples.lowerBound * rowsPerSample, to: end, by: block) {
            body(first, min(block, end - first))
        }
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            eachBlock(shard) { first, rows in
                let y = output.data + first * outputs
                bias?.fill(y, rows: rows)
                MatrixProduct.rowsByRows(
                    input.data + first * depth, weights.values, y, m: rows, n: outputs, k: depth,
                    adds: bias != nil)
            }
        }
    }

    /// `dW = dy^T x`, `db = sum dy`, `dx = dy W`.
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            guard let dy = output.gradient else { return }
            let dw = weights.gradient(shard.index)
            dw.update(repeating: 0, count: weights.count)
            bias?.backward(
                dy + shard.samples.lowerBound * output.elements,
                rows: shard.samples.count * (input.elements / depth), shard: shard.index)
            eachBlock(shard) { first, rows in
                let dy = dy + first * outputs
                if weights.trainable {
                    MatrixProduct.columnsByColumns(
                        dy, input.data + first * depth, dw, m: outputs, n: depth, k: rows,
                        adds: true)
                }
                if let dx = input.gradient {
                    MatrixProduct.rowsByColumns(
                        dy, weights.values, dx + first * depth, m: rows, n: depth, k: outputs)
                }
            }
        }
    }
}
