// SPDX-License-Identifier: Apache-2.0

/// The bias of a matrix product or convolution: one number a column.
struct Bias: Sendable {
    let parameter: Parameter

    /// Fills `rows` rows with the bias, for a product to be added to.
    func fill(_ y: UnsafeMutablePointer<Float>, rows: Int) {
        for row in 0..<rows {
            (y + row * parameter.count).update(from: parameter.values, count: parameter.count)
        }
    }

    /// `db[c] = sum over rows of dy[row][c]`.
    func backward(_ dy: UnsafePointer<Float>, rows: Int, shard: Int) {
        guard parameter.trainable else { return }
        let db = parameter.gradient(shard)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: parameter.count) { sums in
            guard let sums = sums.baseAddress else { return }
            sums.initialize(repeating: 0, count: parameter.count)
            ColumnSums.add(rows: rows, columns: parameter.count, to: sums) { row, c, n in
                (dy + row).lanes(c, n)
            }
            for c in 0..<parameter.count { db[c] = Float(sums[c]) }
        }
    }
}
