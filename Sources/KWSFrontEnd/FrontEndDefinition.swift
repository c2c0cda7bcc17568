// SPDX-License-Identifier: Apache-2.0

/// A front end in real numbers: the one source of float features, integer tables and C tables.
///
/// Frame `f` of a window of `windowSamples` samples starts at sample `f * hopSamples`.
package struct FrontEndDefinition: Hashable, Sendable {
    /// Hz.
    package let sampleRate: Int
    package let frameSamples: Int
    package let hopSamples: Int
    /// Rows of the network's input.
    package let frameCount: Int
    /// Real points; the frame is padded with zeros.
    package let fftPoints: Int
    package let window: WindowFunction
    /// `c` of `y[n] = x[n] - c x[n-1]`, `x[-1] = 0`; 0: none.
    package let preemphasis: Double
    package let spectrum: SpectrumKind
    /// Factor on each bin's magnitude or power.
    package let spectrumScale: Double
    package let bands: BandLayout
    package let normalisation: SampleNormalisation
    package let compression: Compression
    /// Coefficients of the DCT `y_k = sqrt(2 / bands) sum_j x_j cos(pi k (j + 1/2) / bands)`,
    /// `k = 0 ..< coefficients`; nil: the compressed bands themselves.
    package let coefficients: Int?

    /// Checks every field.
    ///
    /// - Throws: `FrontEndError` naming the first field that is not allowed.
    package init(
        sampleRate: Int = 16000, frameSamples: Int, hopSamples: Int, frameCount: Int,
        fftPoints: Int, window: WindowFunction, preemphasis: Double = 0,
        spectrum: SpectrumKind = .magnitude, spectrumScale: Double = 1, bands: BandLayout,
        normalisation: SampleNormalisation = .fullScale, compression: Compression,
        coefficients: Int? = nil
    ) throws(FrontEndError) {
        self.sampleRate = sampleRate
        self.frameSamples = frameSamples
        self.hopSamples = hopSamples
        self.frameCount = frameCount
        self.fftPoints = fftPoints
        self.window = window
        self.preemphasis = preemphasis
        self.spectrum = spectrum
        self.spectrumScale = spectrumScale
        self.bands = bands
        self.normalisation = normalisation
        self.compression = compression
        self.coefficients = coefficients
        try check()
    }

    /// The samples themselves: `frameSamples` features a frame.
    ///
    /// - Throws: `FrontEndError` naming the first field that is not allowed.
    package static func waveform(
        sampleRate: Int = 16000, frameSamples: Int, hopSamples: Int, frameCount: Int,
        normalisation: SampleNormalisation = .fullScale
    ) throws(FrontEndError) -> FrontEndDefinition {
        // What a transform would need, and nobody looks at.
        try FrontEndDefinition(
            sampleRate: sampleRate, frameSamples: frameSamples, hopSamples: hopSamples,
            frameCount: frameCount, fftPoints: 0, window: .rectangular, spectrum: .waveform,
            bands: BandLayout(kind: .bins, count: 0, lowHertz: 0, highHertz: 0),
            normalisation: normalisation, compression: .logarithm(.naturalOfMaximum(floor: 1)))
    }

    /// Features in one frame.
    package var featureCount: Int {
        spectrum == .waveform ? frameSamples : coefficients ?? bands.count
    }

    /// Hops that a frame reaches beyond its own: `ceil(frame / hop) - 1`.
    package var overlapHops: Int { (frameSamples + hopSamples - 1) / hopSamples - 1 }

    /// Hops whose samples one decision looks at.
    package var windowHops: Int { frameCount + overlapHops }

    /// Samples that one decision looks at.
    package var windowSamples: Int { windowHops * hopSamples }

    /// The DCT as `[coefficient][band]`, empty without coefficients.
    package var dct: [[Double]] {
        let n = Double(bands.count)
        return (0..<(coefficients ?? 0)).map { k in
            (0..<bands.count).map { j in
                (2 / n).squareRoot()
                    * Mathematics.cosine(.pi * Double(k) * (Double(j) + 0.5) / n)
            }
        }
    }

    /// The weights of every band over the bins of this definition's FFT.
    package var bandWeights: [Band] {
        spectrum == .waveform
            ? [] : bands.weights(bins: fftPoints / 2 + 1, sampleRate: sampleRate)
    }
}
