// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

extension TrainableNetwork {
    /// The softmax of each row of the last forward pass's logits, `[sample][row][class]`.
    ///
    /// - Parameter rows: of a sample.
    package func posteriors(rows: Int) -> [Double] {
        let classes = outputElements / rows
        return stride(from: 0, to: logits.count, by: classes).flatMap { first in
            let row = UnsafeBufferPointer(
                rebasing: UnsafeBufferPointer(logits)[first..<first + classes])
            let softmax = LogSoftmax(row, temperature: 1)
            return row.map { exp(softmax.of($0)) }
        }
    }
}
