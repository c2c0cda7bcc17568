// SPDX-License-Identifier: Apache-2.0

/// Sums over the rows of `[rows][columns]`, one for each column, in a fixed order.
///
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
        var start = 0
        while start < rows {
            let end = min(start &+ blockRows, rows)
            eachLanes(columns) { c, n in
                var sum = Lanes()
                var row = start
                while row < end {
                    sum += term(row &* columns, c, n)
                    row &+= 1
                }
                for i in 0..<n { sums[c &+ i] += Double(sum[i]) }
            }
            start = end
        }
    }

    /// Two sums at once, of terms that share their loads.
    @inline(__always)
    static func addTwo(
        rows: Int, columns: Int, to first: UnsafeMutablePointer<Double>,
        and second: UnsafeMutablePointer<Double>,
        _ term: (_ row: Int, _ first: Int, _ size: Int) -> (Lanes, Lanes)
    ) {
        var start = 0
        while start < rows {
            let end = min(start &+ blockRows, rows)
            eachLanes(columns) { c, n in
                var (a, b) = (Lanes(), Lanes())
                var row = start
                while row < end {
                    let (s, t) = term(row &* columns, c, n)
                    a += s
                    b += t
                    row &+= 1
                }
                for i in 0..<n {
                    first[c &+ i] += Double(a[i])
                    second[c &+ i] += Double(b[i])
                }
            }
            start = end
        }
    }
}
