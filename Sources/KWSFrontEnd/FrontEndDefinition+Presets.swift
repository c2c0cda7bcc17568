// SPDX-License-Identifier: Apache-2.0

extension FrontEndDefinition {
    /// The names that `preset(_:)` knows.
    package static let presetNames = [
        "mlperf-mfcc", "arm-mfcc-20ms", "arm-mfcc-40ms", "mlperf-logmel", "pcen", "log-spectrogram",
    ]

    /// The front end of a published model, for 16 kHz audio, one second or what it takes.
    ///
    /// - Throws: `FrontEndError` for a name that is not in `presetNames`.
    package static func preset(_ name: String) throws(FrontEndError) -> FrontEndDefinition {
        switch name {
        case "mlperf-mfcc":  // MLPerf Tiny keyword spotting, 49 x 10
            return try FrontEndDefinition(
                frameSamples: 480, hopSamples: 320, frameCount: 49, fftPoints: 512,
                window: .periodicHann,
                bands: BandLayout(kind: .triangles, count: 40, lowHertz: 20, highHertz: 4000),
                normalisation: .windowPeak, compression: .logarithm(.naturalOfSum(floor: 1e-6)),
                coefficients: 10)
        case "arm-mfcc-20ms":  // ML-KWS-for-MCU with a stride of 20 ms, 49 x 10
            return try arm(hopSamples: 320, frameCount: 49)
        case "arm-mfcc-40ms":  // ML-KWS-for-MCU with a stride of 40 ms, 25 x 10
            return try arm(hopSamples: 640, frameCount: 25)
        case "mlperf-logmel":  // MLPerf Tiny streaming wake word, 30 x 40
            return try FrontEndDefinition(
                frameSamples: 1024, hopSamples: 512, frameCount: 30, fftPoints: 1024,
                window: .symmetricHamming, preemphasis: 1 - 1.0 / 32, spectrum: .power,
                spectrumScale: 1.0 / 1024,
                bands: BandLayout(kind: .triangles, count: 40, lowHertz: 0, highHertz: 8000),
                compression: .logarithm(.decibels(offset: 52, divisor: 64, lower: 0, upper: 1)))
        case "pcen":  // Arik et al. 2017, CRNN, 1.5 s: 151 x 40, the band edges our choice
            return try FrontEndDefinition(
                frameSamples: 400, hopSamples: 160, frameCount: 151, fftPoints: 512,
                window: .periodicHann, spectrum: .power,
                bands: BandLayout(kind: .triangles, count: 40, lowHertz: 20, highHertz: 7600),
                normalisation: .integers, compression: .pcen(PCEN()))
        case "log-spectrogram":  // Schmidl 2019, 99 x 161, one-sided density, ln(S + 1e-10)
            return try FrontEndDefinition(
                frameSamples: 320, hopSamples: 160, frameCount: 99, fftPoints: 1024,
                window: .periodicHann, spectrum: .power, spectrumScale: 2.0 / (16000 * 120),
                bands: BandLayout(kind: .bins, count: 161, lowHertz: 0, highHertz: 8000),
                normalisation: .integers,
                compression: .logarithm(.naturalOfSum(floor: 1e-10)))
        default:
            throw FrontEndError(
                field: "preset", found: "'\(name)'",
                allowed: presetNames.joined(separator: ", "))
        }
    }

    private static func arm(
        hopSamples: Int, frameCount: Int
    ) throws(FrontEndError) -> FrontEndDefinition {
        try FrontEndDefinition(
            frameSamples: 640, hopSamples: hopSamples, frameCount: frameCount, fftPoints: 1024,
            window: .periodicHann,
            bands: BandLayout(kind: .armCentres, count: 40, lowHertz: 20, highHertz: 4000),
            compression: .logarithm(.naturalOfMaximum(floor: 1e-12)), coefficients: 10)
    }
}
