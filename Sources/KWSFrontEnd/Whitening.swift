// SPDX-License-Identifier: Apache-2.0

/// A filter `v[n] - (1 - 2^-shift) v[n-1]` between window and transform, which band weights undo.
///
/// It lowers what is strong in most sounds, the low frequencies, so that 16 bits of the transform
/// reach the weak ones. Samples with pre-emphasis need no more of it.
struct Whitening: Hashable, Sendable {
    /// 0: none.
    let shift: Int
    private let points: Int

    init(_ d: FrontEndDefinition) {
        shift = d.preemphasis == 0 ? 3 : 0
        points = d.fftPoints
    }

    /// The factor on the power of a bin.
    func power(bin: Int) -> Double {
        if shift == 0 { return 1 }
        let kept = 1 - 1 / Double(1 << shift)
        return 1 + kept * kept
            - 2 * kept * Mathematics.cosine(2 * .pi * Double(bin) / Double(points))
    }

    /// The weights that make of the whitened spectrum what `band` makes of the plain one.
    func undone(in band: Band, spectrum: SpectrumKind) -> Band {
        var band = band
        for i in band.weights.indices {
            let power = power(bin: band.firstBin + i)
            band.weights[i] /= spectrum == .power ? power : power.squareRoot()
        }
        return band
    }
}
