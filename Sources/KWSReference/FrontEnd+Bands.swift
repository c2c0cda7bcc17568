// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

// Step 4.

extension FrontEnd {
    /// The weighted sum of magnitudes of the bins from `first` on.
    func magnitudes(_ first: Int, _ bins: Int, _ weights: UnsafePointer<UInt16>) -> UInt32 {
        var sum: UInt32 = 16384
        for i in 0..<bins { sum += Fixed.root(square(first + i)) * UInt32(weights[i]) }
        return sum
    }

    /// The weighted sum of squares of the bins from `first` on.
    func powers(_ first: Int, _ bins: Int, _ weights: UnsafePointer<UInt16>) -> UInt32 {
        var sum = UInt32(bins + 1) / 2
        for i in 0..<bins {
            sum += UInt32((UInt64(4 * square(first + i)) * UInt64(weights[i])) >> 16)
        }
        return sum
    }

    /// |X_k|^2 < 2^29.
    private func square(_ k: Int) -> UInt32 {
        let x = spectrum[k]
        return UInt32(x.re * x.re + x.im * x.im)
    }
}
