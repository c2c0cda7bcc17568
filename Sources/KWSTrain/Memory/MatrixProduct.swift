// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS

/// Matrix products of dense row-major matrices on the calling thread, by OpenBLAS.
enum MatrixProduct {
    /// OpenBLAS gets one thread: shards are what runs in parallel, and how OpenBLAS would split a
    /// product is not ours to repeat.
    private static let oneThread: Void = openblas_set_num_threads(1)

    /// To be called before the first product.
    static func prepare() { oneThread }

    /// `y[m][n] = x[m][k] w[n][k]^T`, added to `y` if `adds`.
    ///
    /// - Parameters, here and below: `ldx` and `ldy` are the distances of rows that do not lie one
    ///   behind another.
    @inline(__always)
    static func rowsByRows(
        _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        m: Int, n: Int, k: Int, adds: Bool, ldx: Int? = nil, ldy: Int? = nil
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, blasint(m), blasint(n), blasint(k), 1,
            x, blasint(ldx ?? k), w, blasint(k), adds ? 1 : 0, y, blasint(ldy ?? n))
    }

    /// `y[m][n] = x[m][k] w[k][n]`, added to `y` if `adds`.
    @inline(__always)
    static func rowsByColumns(
        _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        m: Int, n: Int, k: Int, adds: Bool = false, ldx: Int? = nil, ldy: Int? = nil
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
            x, blasint(ldx ?? k), w, blasint(n), adds ? 1 : 0, y, blasint(ldy ?? n))
    }

    /// `y[m][n] = x[k][m]^T w[k][n]`, added to `y` if `adds`.
    @inline(__always)
    static func columnsByColumns(
        _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        m: Int, n: Int, k: Int, adds: Bool, ldx: Int? = nil
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1,
            x, blasint(ldx ?? m), w, blasint(n), adds ? 1 : 0, y, blasint(n))
    }
}
