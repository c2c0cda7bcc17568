// SPDX-License-Identifier: Apache-2.0

/// How the network's input, unsigned bytes, stands for features.
///
/// With a fine plane each feature is two channels,
/// `real = scale * ((coarse - 128) + (fine - 128) / 16)`, and the zero point is 128 (SPEC.md
/// section 5, step 6).
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
    package func real(_ bytes: some Collection<UInt8>) -> [Float] {
        guard hasFinePlane else { return bytes.map { Float(quantisation.real($0)) } }
        var result: [Float] = []
        var coarse: UInt8?
        for byte in bytes {
            if let high = coarse {
                let sixteenths = 16 * (Int(high) - 128) + Int(byte) - 128
                result.append(Float(quantisation.scale * Double(sixteenths) / 16))
                coarse = nil
            } else {
                coarse = byte
            }
        }
        return result
    }
}
