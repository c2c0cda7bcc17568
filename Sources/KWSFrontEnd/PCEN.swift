// SPDX-License-Identifier: Apache-2.0

/// Per-channel energy normalisation (Wang et al. 2017): `(E / (eps + M)^alpha + delta)^r - delta^r`,
/// where `M` is the running mean of a band's energy `E`, `M[t] = (1 - s) M[t-1] + s E[t]`.
///
/// The mean begins with the first energy that is not 0, and runs as long as the stream. The defaults
/// are the paper's, for samples as 16-bit integers and a power spectrum.
package struct PCEN: Hashable, Sendable {
    /// s
    package var smoothing = 0.025
    /// alpha
    package var gain = 0.98
    /// delta
    package var bias = 2.0
    /// r
    package var root = 0.5
    /// eps
    package var epsilon = 1e-6

    package init() {}

    /// The feature of a frame without sound is 0; this is what is subtracted for it.
    var biasRoot: Double { Mathematics.power(bias, root) }

    /// The feature of one band's energy.
    ///
    /// - Parameter mean: of the frames before, 0 if they had no sound; then of this one, too.
    func value(_ energy: Double, mean: inout Double) -> Double {
        mean = mean == 0 ? energy : mean + smoothing * (energy - mean)
        let ratio = energy / Mathematics.power(epsilon + mean, gain)
        return Mathematics.power(ratio + bias, root) - biasRoot
    }
}
