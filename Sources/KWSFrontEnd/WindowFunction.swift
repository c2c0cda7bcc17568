// SPDX-License-Identifier: Apache-2.0

/// The taper of an analysis frame.
///
/// A periodic window of `n` samples is the first `n` of a symmetric one of `n + 1`.
package enum WindowFunction: String, Hashable, Sendable, CaseIterable {
    case rectangular
    case periodicHann = "periodic-hann"
    case symmetricHann = "symmetric-hann"
    case periodicHamming = "periodic-hamming"
    case symmetricHamming = "symmetric-hamming"

    /// The window's `count` samples, each 0 ... 1.
    package func samples(_ count: Int) -> [Double] {
        let (a, b, period): (Double, Double, Int) =
            switch self {
            case .rectangular: (1, 0, count)
            case .periodicHann: (0.5, 0.5, count)
            case .symmetricHann: (0.5, 0.5, count - 1)
            case .periodicHamming: (0.54, 0.46, count)
            case .symmetricHamming: (0.54, 0.46, count - 1)
            }
        let step = 2 * Double.pi / Double(max(1, period))
        return (0..<count).map { a - b * Mathematics.cosine(step * Double($0)) }
    }
}
