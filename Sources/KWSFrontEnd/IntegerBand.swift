// SPDX-License-Identifier: Apache-2.0

/// A band as the integer front end has it: weights whose sum is 32767 at most.
struct IntegerBand: Hashable, Sendable {
    let firstBin: Int
    let weights: [UInt16]
    /// What the logarithm of the weighted sum is too large by, negative; Q10.
    let logOffset: Int16

    /// A band without weight has no bins, and thus is silent.
    init(_ band: Band) {
        let sum = band.weights.reduce(0, +)
        // 2^-15: the logarithm of anything less does not fit 16 bits.
        guard sum > 1.0 / 32768 else {
            (firstBin, weights, logOffset) = (0, [], 0)
            return
        }
        firstBin = band.firstBin
        var gain = 32767 / sum
        var integers: [Double] = []
        while true {
            integers = band.weights.map { ($0 * gain).rounded() }
            let total = integers.reduce(0, +)
            if total <= 32767 { break }
            gain *= 32766.5 / total
        }
        weights = integers.map { UInt16($0) }
        logOffset = Int16((-1024 * Mathematics.log2(gain)).rounded())
    }
}
