// SPDX-License-Identifier: Apache-2.0

/// The Q10 binary logarithm of the integer front end: `l = 1024 (log2(band) + origin)`, where
/// `band` is the definition's band value (for a window peak: of samples not yet divided by it).
struct LogUnits: Hashable, Sendable {
    /// Octaves added so that everything between floor and full scale fits int16.
    let origin: Double
    /// `log_offset` and `log_floor` of SPEC.md.
    let offset: Int
    let floor: Int
    /// From the floor to the largest value possible.
    let octaves: Double
    let fits: Bool

    init(_ d: FrontEndDefinition, kind: FeatureKind, bands: [Band]) {
        let sampleBits = d.normalisation == .fullScale ? 15.0 : 0
        // log2(E) + e + the band's offset counts in units of 2^-unit of the definition's band value:
        // X is 2^15 times the spectrum of int16 samples, a level 31/16 |X|, or 4 |X|^2 / 2^16.
        var unit: Double =
            switch d.spectrum {
            case .magnitude: 15 + Mathematics.log2(31.0 / 16) + sampleBits
            case .power, .waveform: 16 + 2 * sampleBits
            }
        unit -= Mathematics.log2(d.spectrumScale)

        // No bin exceeds the sum of the windowed samples, each at most (1 + c) 2^15.
        let tone =
            Mathematics.log2(d.window.samples(d.frameSamples).reduce(0, +) * (1 + d.preemphasis))
            + 15 - sampleBits
        let heaviest = bands.map { $0.weights.reduce(0, +) }.max() ?? 0
        var top =
            tone * (d.spectrum == .power ? 2 : 1)
            + Mathematics.log2(max(heaviest, 1e-9)) + Mathematics.log2(d.spectrumScale)

        let bottom: Double
        let highest = 32767.0 / 1024 - top
        switch d.compression {
        case .logarithm(let scale):
            switch scale {
            case .naturalOfMaximum(let floor), .naturalOfSum(let floor):
                bottom = Mathematics.log2(floor)
                // What is added to the floor reaches below it: 5 octaves, for an error of 3 %.
                let lowest = (kind == .logSum ? 5 : 0) - 32 - bottom
                // As near to 0 as possible: a large origin costs multiplier bits in row 0 of the
                // DCT.
                let least = kind == .logSum ? highest : max(0, lowest.rounded(.up))
                origin = min(highest.rounded(.down), least)
                fits = lowest <= highest
            case .decibels(_, _, let lower, let upper):
                bottom = (lower - scale.atOne) / scale.perOctave
                top = (upper - scale.atOne) / scale.perOctave
                // The upper clip is the largest int16.
                origin = 32767.0 / 1024 - top
                fits = top - bottom <= 64
            }
        case .pcen:
            // 64 octaves down from the loudest sound; what is less counts as none.
            origin = highest.rounded(.down)
            bottom = -32 - origin
            fits = true
        }
        octaves = top - bottom
        offset = Int((1024 * (origin - unit)).rounded())
        floor = Int((1024 * (bottom + origin)).rounded())
    }
}
