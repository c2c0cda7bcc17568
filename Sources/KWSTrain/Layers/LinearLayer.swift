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

    private func rows(_ shard: Shards.Shard) -> Int {
        shard.samples.count * (input.elements / depth)
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            let rows = rows(shard)
            bias?.fill(y, rows: rows)
            MatrixProduct.rowsByRows(
                x, weights.values, y, m: rows, n: outputs, k: depth, adds: bias != nil)
        }
    }

    /// `dW = dy^T x`, `db = sum dy`, `dx = dy W`.
    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            let rows = rows(shard)
            guard let dy = output.gradient(sample) else { return }
            bias?.backward(dy, rows: rows, shard: shard.index)
            if weights.trainable {
                MatrixProduct.columnsByColumns(
                    dy, input.data(sample), weights.gradient(shard.index), m: outputs, n: depth,
                    k: rows, adds: false)
            }
            if let dx = input.gradient(sample) {
                MatrixProduct.rowsByColumns(
                    dy, weights.values, dx, m: rows, n: depth, k: outputs)
            }
        }
    }
}
