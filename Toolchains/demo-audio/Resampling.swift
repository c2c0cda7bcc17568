// SPDX-License-Identifier: Apache-2.0

import Foundation

extension WaveFile {
    /// The same sound at a lower sample rate, by a sinc of ten lobes a side under a Kaiser window.
    func resampled(to rate: Int) -> WaveFile {
        let ratio = Double(sampleRate) / Double(rate)  // input samples an output sample
        let cutoff = min(1, 1 / ratio)
        let reach = 10 / cutoff
        let beta = 5.0
        let unit = bessel(beta)
        let count = Int(Double(samples.count) / ratio)
        let output = (0..<count).map { n -> Double in
            let centre = Double(n) * ratio
            let first = max(0, Int((centre - reach).rounded(.up)))
            let last = min(samples.count - 1, Int((centre + reach).rounded(.down)))
            var sum = 0.0
            for k in first...max(first, last) where k < samples.count {
                let x = (Double(k) - centre) * cutoff
                let sinc = x == 0 ? 1 : sin(.pi * x) / (.pi * x)
                let window = bessel(beta * (1 - (x / 10) * (x / 10)).squareRoot())
                sum += samples[k] * cutoff * sinc * window / unit
            }
            return sum
        }
        return WaveFile(samples: output, sampleRate: rate)
    }
}

/// The modified Bessel function of the first kind and order zero, by its power series.
private func bessel(_ x: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for k in 1...20 {
        term *= (x / 2 / Double(k)) * (x / 2 / Double(k))
        sum += term
    }
    return sum
}
