// SPDX-License-Identifier: Apache-2.0

/// How the network's int8 input stands for features.
///
/// With a fine plane each feature is two channels, `real = scale * (coarse + fine / 16)`, and the
/// zero point is 0 (SPEC.md section 5, step 6).
package struct InputQuantisation: Hashable, Sendable {
    package var quantisation: Quantisation
    package var hasFinePlane: Bool

    package init(_ quantisation: Quantisation, hasFinePlane: Bool) {
        self.quantisation = quantisation
        self.hasFinePlane = hasFinePlane
    }

    /// The real number that a feature becomes.
    package func rounded(_ real: Float) -> Float {
        guard hasFinePlane else {
            return Float(quantisation.real(quantisation.quantise(Double(real))))
        }
        let step = quantisation.scale / 16
        return Float(
            min(127 * 16 + 127, max(-128 * 16 - 128, (Double(real) / step).rounded())) * step)
    }

    /// The real numbers behind the network's input bytes.
    package func real(_ bytes: some Collection<Int8>) -> [Float] {
        guard hasFinePlane else { return bytes.map { Float(quantisation.real($0)) } }
        var result: [Float] = []
        var coarse: Int8?
        for byte in bytes {
            if let high = coarse {
                result.append(
                    Float(quantisation.scale * (Double(high) + Double(byte) / 16)))
                coarse = nil
            } else {
                coarse = byte
            }
        }
        return result
    }
}
