// SPDX-License-Identifier: Apache-2.0

/// How an unsigned activation of 8, 4 or 2 bits stands for a real number:
/// `real = scale * (q - zeroPoint)`.
package struct Quantisation: Hashable, Sendable {
    package var scale: Double
    package var zeroPoint: Int
    package var bits: Int

    package init(scale: Double, zeroPoint: Int, bits: Int = 8) {
        self.scale = scale
        self.zeroPoint = zeroPoint
        self.bits = bits
    }

    /// The finest quantisation in which both limits and zero can be written.
    ///
    /// A range that starts at 0 gets the zero point 0, so that clipping is its ReLU.
    package init(lower: Double, upper: Double, bits: Int = 8) {
        let low = min(lower, 0)
        let high = max(upper, 0)
        let width = high - low
        scale = width > 0 ? width / Double((1 << bits) - 1) : 1
        zeroPoint = Int((-low / scale).rounded())
        self.bits = bits
    }

    /// As a reader sees it: numbers of fewer bits are the upper bits of a byte (SPEC.md section 2).
    package var asByte: Quantisation {
        Quantisation(
            scale: scale / Double(1 << (8 - bits)), zeroPoint: zeroPoint << (8 - bits))
    }

    /// The largest number of the activation.
    package var largest: Int { (1 << bits) - 1 }

    package func quantise(_ real: Double) -> UInt8 {
        let q = (real / scale).rounded() + Double(zeroPoint)
        return UInt8(min(Double(largest), max(0, q)))
    }

    package func real(_ q: UInt8) -> Double {
        scale * Double(Int(q) - zeroPoint)
    }
}
