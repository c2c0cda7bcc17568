// SPDX-License-Identifier: Apache-2.0

/// Moments of the numbers that the rows of a matrix sum over, one by one in the order of its columns.
/// Padding counts as zeros.
package struct InputStatistics: WindowStatistics {
    private var samples = 0.0
    /// Sums of x, |x| and x^2.
    private var sums: [Double]
    private var magnitudes: [Double]
    private var squares: [Double]

    package init(taps: Int) {
        sums = Array(repeating: 0, count: taps)
        magnitudes = sums
        squares = sums
    }

    package mutating func add(_ window: [Float], set: Int) {
        samples += 1
        for (i, x) in window.enumerated() where x != 0 {
            let x = Double(x)
            sums[i] += x
            magnitudes[i] += abs(x)
            squares[i] += x * x
        }
    }

    package mutating func add(_ other: InputStatistics) {
        samples += other.samples
        for i in sums.indices {
            sums[i] += other.sums[i]
            magnitudes[i] += other.magnitudes[i]
            squares[i] += other.squares[i]
        }
    }

    /// `E x`, `E |x|`, `sqrt(E x^2)` and the standard deviation.
    package var mean: [Double] { sums.map { $0 / max(1, samples) } }
    package var magnitude: [Double] { magnitudes.map { $0 / max(1, samples) } }
    package var rms: [Double] { squares.map { ($0 / max(1, samples)).squareRoot() } }
    package var deviation: [Double] {
        zip(squares, mean).map { max(0, $0 / max(1, samples) - $1 * $1).squareRoot() }
    }

    package func cut(to taps: Range<Int>) -> InputStatistics {
        var result = self
        result.sums = Array(sums[taps])
        result.magnitudes = Array(magnitudes[taps])
        result.squares = Array(squares[taps])
        return result
    }
}
