// SPDX-License-Identifier: Apache-2.0

/// How an int8 activation stands for a real number: `real = scale * (q - zeroPoint)`.
package struct Quantisation: Hashable, Sendable {
    package var scale: Double
    package var zeroPoint: Int

    package init(scale: Double, zeroPoint: Int) {
        self.scale = scale
        self.zeroPoint = zeroPoint
    }

    /// The finest quantisation in which both limits and zero can be written.
    ///
    /// A range that starts at 0 gets the zero point -128, so that saturation is its ReLU.
    package init(lower: Double, upper: Double) {
        let low = min(lower, 0)
        let high = max(upper, 0)
        let width = high - low
        scale = width > 0 ? width / 255 : 1
        zeroPoint = Int((-128 - low / scale).rounded())
    }

    package func quantise(_ real: Double) -> Int8 {
        let q = (real / scale).rounded() + Double(zeroPoint)
        return Int8(min(127, max(-128, q)))
    }

    package func real(_ q: Int8) -> Double {
        scale * Double(Int(q) - zeroPoint)
    }
}
