// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// What the weights of an output are worth to its sum when those that stay make up for those that go
/// (Hassibi and Stork 1993, optimal brain surgeon; row by row as Frantar and Alistarh 2022).
///
/// The error of a sum is `(w - v)^T H (w - v)` with H the covariance of the inputs; the mean of what
/// is left goes into the bias.
struct Surgeon {
    private let taps: Int
    /// Damped.
    private let covariance: [Double]
    private let inverse: [Float]

    /// - Parameter covariance: `[taps][taps]` of the inputs.
    init(covariance: [Double], taps: Int) {
        self.taps = taps
        self.covariance = WeightRounding.damped(covariance, taps: taps)
        let upper = WeightRounding.upperFactorOfInverse(self.covariance, taps)
        var inverse = Array(repeating: Float(0), count: taps * taps)
        for i in 0..<taps {
            for j in i..<taps {
                var sum = 0.0
                for k in 0...i { sum += upper[k * taps + i] * upper[k * taps + j] }
                inverse[i * taps + j] = Float(sum)
                inverse[j * taps + i] = Float(sum)
            }
        }
        self.inverse = inverse
    }

    /// Takes the weights of each row away one by one, each time the one whose loss changes the sum
    /// least.
    ///
    /// - Parameter rows: weights `[rows][taps]`.
    /// - Returns: of each weight the root of the most that a removal up to its own had added to the
    ///   sum's squared error; the last weight of a row has what its own removal adds.
    func scores(_ rows: [Float]) -> [Float] {
        eachRow(of: rows) { range in scores(row: Array(rows[range])) }
    }

    /// Rows that replace those of a matrix, computed on all cores.
    private func eachRow(of rows: [Float], _ body: (Range<Int>) -> [Float]) -> [Float] {
        var result = rows
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let (result, body) = (result, body)
            DispatchQueue.concurrentPerform(iterations: rows.count / taps) { row in
                let range = row * taps..<(row + 1) * taps
                _ = UnsafeMutableBufferPointer(rebasing: result[range]).update(
                    fromContentsOf: body(range))
            }
        }
        return result
    }

    private func scores(row: [Float]) -> [Float] {
        var inverse = inverse
        var (weights, scores) = (row, row)
        var places = Array(0..<taps)
        var column = weights
        var worst: Float = 0
        inverse.withUnsafeMutableBufferPointer { inverse in
            for left in (1...taps).reversed() {
                var (gone, least) = (0, Float.infinity)
                for i in 0..<left {
                    let error = weights[i] * weights[i] / max(inverse[i * taps + i], 1e-12)
                    if error < least { (gone, least) = (i, error) }
                }
                worst = max(worst, least)
                scores[places[gone]] = worst.squareRoot()
                // The others take over, and the inverse forgets the input.
                let own = 1 / max(inverse[gone * taps + gone], 1e-12)
                for i in 0..<left { column[i] = inverse[gone * taps + i] }
                let share = weights[gone] * own
                for i in 0..<left {
                    weights[i] -= column[i] * share
                    let factor = column[i] * own
                    let line = UnsafeMutableBufferPointer(
                        rebasing: inverse[i * taps..<i * taps + left])
                    column.withUnsafeBufferPointer { column in
                        for j in 0..<left { line[j] -= factor * column[j] }
                    }
                }
                // The last one moves into the gap.
                let last = left - 1
                for j in 0..<left { inverse[gone * taps + j] = inverse[last * taps + j] }
                for i in 0..<left { inverse[i * taps + gone] = inverse[i * taps + last] }
                weights[gone] = weights[last]
                places[gone] = places[last]
            }
        }
        return scores
    }

    /// Rows with the weights that stay made up for those that go: of least error.
    ///
    /// - Parameters:
    ///   - rows: weights `[rows][taps]`.
    ///   - kept: of each, whether it stays; a zero stays zero.
    func refitted(_ rows: [Float], kept: [Bool]) -> [Float] {
        eachRow(of: rows) { range in
            refitted(row: Array(rows[range]), kept: Array(kept[range]))
        }
    }

    /// `v_S = w_S + H_SS^-1 H_SR w_R` of what stays (S) and what goes (R).
    private func refitted(row: [Float], kept: [Bool]) -> [Float] {
        let stay = row.indices.filter { kept[$0] && row[$0] != 0 }
        let gone = row.indices.filter { !kept[$0] && row[$0] != 0 }
        var result = row
        for i in row.indices where !kept[i] { result[i] = 0 }
        guard !gone.isEmpty, !stay.isEmpty else { return result }
        let n = stay.count
        let block = stay.flatMap { i in stay.map { covariance[i * taps + $0] } }
        let wanted = stay.map { i in
            gone.reduce(0.0) { $0 + covariance[i * taps + $1] * Double(row[$1]) }
        }
        let upper = WeightRounding.upperFactorOfInverse(block, n)
        // U^T (U wanted)
        let middle = (0..<n).map { i in
            (i..<n).reduce(0.0) { $0 + upper[i * n + $1] * wanted[$1] }
        }
        for (j, place) in stay.enumerated() {
            let change = (0...j).reduce(0.0) { $0 + upper[$1 * n + j] * middle[$1] }
            result[place] = row[place] + Float(change)
        }
        return result
    }
}
