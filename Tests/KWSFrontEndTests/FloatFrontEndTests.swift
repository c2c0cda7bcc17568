// SPDX-License-Identifier: Apache-2.0

// Goal: the float front end computes what the data's README defines, to 1e-4 of a feature's range.
// Method: the same formulas by a plain DFT (PlainFrontEnd), on synthetic clips of every kind; and,
// where KWS_DATA names the data and python3 has NumPy, models/reference.py itself.

internal import Foundation
internal import KWSFrontEnd
internal import Testing

@Suite struct FloatFrontEndTests {
    /// The largest error, relative to the range that the expected values span; at least 0.02, since
    /// a Float near 23 is off by 1e-6.
    static func error(_ found: [Float], _ expected: [Double]) -> Double {
        let range = (expected.max() ?? 0) - (expected.min() ?? 0)
        let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
        return found.count == expected.count ? worst / max(range, 0.02) : .infinity
    }

    @Test(arguments: FrontEndDefinition.presetNames)
    func equalsThePlainFormulas(preset: String) throws {
        let definition = try FrontEndDefinition.preset(preset)
        let frontEnd = FloatFrontEnd(definition)
        for (name, pcm) in Clips.all {
            let length = max(16000, definition.windowSamples)
            let padded = pcm + [Int16](repeating: 0, count: length - pcm.count)
            let error = Self.error(
                frontEnd.features(of: pcm), PlainFrontEnd.features(preset, padded))
            #expect(error < 1e-4, "\(preset), \(name), seed \(Clips.seed)")
        }
    }

    @Test(arguments: FrontEndDefinition.presetNames)
    func cutsWhatLiesBehindTheWindow(preset: String) throws {
        let definition = try FrontEndDefinition.preset(preset)
        let frontEnd = FloatFrontEnd(definition)
        let clip = try #require(Clips.all.first).pcm
        let whole =
            clip
            + [Int16](
                repeating: 0, count: max(0, definition.windowSamples - clip.count))
        let longer = whole + [Int16](repeating: 32767, count: 999)
        #expect(frontEnd.features(of: longer) == frontEnd.features(of: clip))
    }

    @Test(
        .enabled(if: PythonReference.isAvailable, "needs KWS_DATA and python3 with NumPy"),
        arguments: FrontEndDefinition.presetNames.prefix(4))
    func equalsTheReferenceProgram(preset: String) throws {
        let frontEnd = FloatFrontEnd(try .preset(preset))
        // NumPy divides by zero where no sample is positive, and so defines nothing.
        let clips = Clips.all.filter { preset != "mlperf-mfcc" || ($0.pcm.max() ?? 0) > 0 }
        let expected = try PythonReference.features(preset, clips.map(\.pcm))
        for ((name, pcm), features) in zip(clips, expected) {
            let error = Self.error(frontEnd.features(of: pcm), features)
            #expect(error < 1e-4, "\(preset), \(name), seed \(Clips.seed)")
        }
    }

    /// The published spectrogram has 320 points, 50 Hz apart; ours takes them from 1024, linear between
    /// two. A power spectrum is `r_0 + 2 sum r_l cos(2 pi f l)` of the frame's autocorrelation, so
    /// what is d apart is off by `d^2 / 8` of the largest second derivative at most,
    /// `2 sum (2 pi l)^2 |r_l|`. A Float's logarithm adds 2e-6 of the value.
    @Test func theSpectrogramIsThatOf320Points() throws {
        let frontEnd = FloatFrontEnd(try .preset("log-spectrogram"))
        let hann = (0..<320).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 320) }
        let density = 2.0 / (16000 * 120)
        for (name, pcm) in Clips.all where ["white noise", "pulses", "impulse"].contains(name) {
            let features = frontEnd.features(of: pcm)
            for frame in [0, 47, 98] {
                let x = (0..<320).map { hann[$0] * Double(pcm[160 * frame + $0]) }
                let curvature = (1..<320).reduce(0.0) { sum, l in
                    let r = (0..<320 - l).reduce(0.0) { $0 + x[$1] * x[$1 + l] }
                    return sum + 2 * pow(2 * .pi * Double(l), 2) * abs(r)
                }
                for k in 0...160 {
                    let (re, im) = x.indices.reduce((0.0, 0.0)) { sum, n in
                        let turn = 2 * .pi * Double(k * n % 320) / 320
                        return (sum.0 + x[n] * cos(turn), sum.1 - x[n] * sin(turn))
                    }
                    let exact = density * (re * re + im * im) * (k % 160 == 0 ? 0.5 : 1)
                    let found = exp(Double(features[161 * frame + k])) - 1e-10
                    let bound = density * curvature / 8 / 1024 / 1024 + 2e-6 * exact + 1e-15
                    #expect(abs(found - exact) <= bound, "\(name), frame \(frame), bin \(k)")
                }
            }
        }
    }

    @Test func silenceWithoutPositiveSampleIsTheFloor() throws {
        let frontEnd = FloatFrontEnd(try .preset("mlperf-mfcc"))
        let features = frontEnd.features(of: [Int16](repeating: 0, count: 16000))
        for (index, value) in features.enumerated() {
            let expected = index % 10 == 0 ? 40 * 2 / 80.0.squareRoot() * log(1e-6) : 0
            #expect(abs(Double(value) - expected) < 1e-4)
        }
    }

    /// A set of thousands of clips is read in seconds: 2 ms a clip, the best of 30 on a busy
    /// machine.
    @Test(
        .enabled(if: !_isDebugAssertConfiguration(), "needs an optimised build"),
        arguments: FrontEndDefinition.presetNames)
    func oneClipIsQuick(preset: String) throws {
        let frontEnd = FloatFrontEnd(try .preset(preset))
        let clip = try #require(Clips.all.first).pcm
        let clock = ContinuousClock()
        var best = Duration.seconds(1)
        for _ in 0..<30 { best = min(best, clock.measure { _ = frontEnd.features(of: clip) }) }
        print("\(preset): \(best) a clip")
        #expect(best < .milliseconds(2))
    }
}
