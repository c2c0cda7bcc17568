// SPDX-License-Identifier: Apache-2.0

/// Sums over the rows of `[rows][columns]`, one for each column, in a fixed order.
///
/// Rows are read in the order of memory; the sums of a block of them stay in the first-level cache.
/// Floats are added over `blockRows` rows and the blocks' sums in double, so the error of a sum of
/// terms t is below `(blockRows + 2) * 2^-24 * sum |t|` whatever the number of rows.
enum ColumnSums {
    static let blockRows = 32

    /// Adds to `sums[c]` the sum over rows of `term(row's first element, first channel, lanes)`.
    @inline(__always)
    static func add(
        rows: Int, columns: Int, to sums: UnsafeMutablePointer<Double>,
        _ term: (_ row: Int, _ first: Int, _ size: Int) -> Lanes
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { block in
            guard let block = block.baseAddress else { return }
            for start in stride(from: 0, to: rows, by: blockRows) {
                block.initialize(repeating: 0, count: columns)
                for row in start..<min(start + blockRows, rows) {
                    eachLanes(columns) { c, n in
                        block.store(block.lanes(c, n) + term(row &* columns, c, n), c, n)
                    }
                }
                for c in 0..<columns { sums[c] += Double(block[c]) }
            }
        }
    }

    /// Two sums at once, of terms that share their loads.
    @inline(__always)
    static func addTwo(
        rows: Int, columns: Int, to first: UnsafeMutablePointer<Double>,
        and second: UnsafeMutablePointer<Double>,
        _ term: (_ row: Int, _ first: Int, _ size: Int) -> (Lanes, Lanes)
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * columns) { block in
            guard let a = block.baseAddress else { return }
            let b = a + columns
            for start in stride(from: 0, to: rows, by: blockRows) {
                a.initialize(repeating: 0, count: 2 * columns)
                for row in start..<min(start + blockRows, rows) {
                    eachLanes(columns) { c, n in
                        let (s, t) = term(row &* columns, c, n)
                        a.store(a.lanes(c, n) + s, c, n)
                        b.store(b.lanes(c, n) + t, c, n)
                    }
                }
                for c in 0..<columns {
                    first[c] += Double(a[c])
                    second[c] += Double(b[c])
                }
            }
        }
    }
}
