// SPDX-License-Identifier: Apache-2.0

/// PCM to features in `Double`: what the integer front end is measured against.
package struct FloatFrontEnd: Sendable {
    package let definition: FrontEndDefinition
    private let window: [Double]
    private let bands: [Band]
    private let dct: [[Double]]
    /// nil for a waveform.
    private let fft: RealFFT?

    package init(_ definition: FrontEndDefinition) {
        self.definition = definition
        window = definition.window.samples(definition.frameSamples)
        bands = definition.bandWeights
        dct = definition.dct
        fft = definition.spectrum == .waveform ? nil : RealFFT(points: definition.fftPoints)
    }

    /// The features `[frameCount][featureCount]` of one window that starts a stream.
    ///
    /// A clip shorter than `windowSamples` is padded with zeros at its end, a longer one is cut.
    package func features(of pcm: [Int16]) -> [Float] {
        features(of: pcm, frames: definition.frameCount, samples: definition.windowSamples)
    }

    /// The features `[frames][featureCount]` of all whole frames of a stream.
    ///
    /// - Requires: samples are not divided by a window's largest one.
    package func rows(of pcm: [Int16]) -> [Float] {
        precondition(definition.normalisation != .windowPeak, "a stream is no window")
        let d = definition
        guard pcm.count >= d.frameSamples else { return [] }
        return features(
            of: pcm, frames: (pcm.count - d.frameSamples) / d.hopSamples + 1, samples: pcm.count)
    }

    private func features(of pcm: [Int16], frames: Int, samples: Int) -> [Float] {
        let d = definition
        var clip = pcm.prefix(samples).map(Double.init)
        clip += [Double](repeating: 0, count: samples - clip.count)
        let unit: Double =
            switch d.normalisation {
            case .fullScale: 32768
            case .integers: 1
            case .windowPeak: max(1, clip.max() ?? 1)
            }
        var previous = 0.0
        let x = clip.map { sample in
            let value = sample / unit
            defer { previous = value }
            return value - d.preemphasis * previous
        }
        var out: [Float] = []
        out.reserveCapacity(frames * d.featureCount)
        var means = [Double](repeating: 0, count: bands.count)
        for frame in 0..<frames {
            out += row(of: x[(frame * d.hopSamples)...].prefix(d.frameSamples), &means)
        }
        return out
    }

    /// One frame's features; `means` are those of PCEN, a band each.
    private func row(of frame: ArraySlice<Double>, _ means: inout [Double]) -> [Float] {
        guard let fft else { return frame.map { Float($0) } }
        var padded = [Double](repeating: 0, count: definition.fftPoints)
        for (n, (sample, weight)) in zip(frame, window).enumerated() { padded[n] = sample * weight }
        var spectrum = fft.powers(of: padded)
        if definition.spectrum == .magnitude {
            for bin in spectrum.indices { spectrum[bin] = spectrum[bin].squareRoot() }
        }
        let compressed = bands.enumerated().map { index, band in
            var sum = 0.0
            for (i, weight) in band.weights.enumerated() {
                sum += spectrum[band.firstBin + i] * weight
            }
            sum *= definition.spectrumScale
            switch definition.compression {
            case .logarithm(let scale): return scale.value(sum)
            case .pcen(let pcen): return pcen.value(sum, mean: &means[index])
            }
        }
        guard !dct.isEmpty else { return compressed.map { Float($0) } }
        return dct.map { row in
            var sum = 0.0
            for (value, weight) in zip(compressed, row) { sum += value * weight }
            return Float(sum)
        }
    }
}
