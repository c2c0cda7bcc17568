// SPDX-License-Identifier: Apache-2.0

// Goal: the integer tables describe the same front end as the definition, within the ranges of
// SPEC.md. Method: SPEC section 5 carried out on them by IntegerOracle, against the float features;
// invariants of the tables themselves.

internal import Foundation
internal import KWSFrontEnd
internal import Testing

@Suite struct FrontEndTablesTests {
    /// Scale and zero point of the published int8 models, the latter by 128 higher; for others what
    /// their range asks for.
    static func quantisation(_ preset: String) -> (scale: Double, zeroPoint: Int) {
        switch preset {
        case "mlperf-logmel": (0.0037010426, 0)
        case "pcen": (7.2 / 255, 0)
        case "log-spectrogram": (0.16, 144)
        default: (0.5847029, 211)
        }
    }

    static func tables(_ preset: String) throws -> FrontEndTables {
        let (scale, zeroPoint) = quantisation(preset)
        return try FrontEndTables(.preset(preset), scale: scale, zeroPoint: zeroPoint)
    }

    /// Rounding to 8 bits alone is off by a variance of 1/12 of a squared step. All the rest, 16-bit
    /// transform and tables, has to stay below as much again in sounds that fill every band; in one
    /// that lies 60 dB below the loudest, roundings of the transform may be louder than the sound. No
    /// noise fills every single bin of a spectrogram: an impulse in each frame does.
    @Test(arguments: FrontEndDefinition.presetNames)
    func integerFeaturesAreTheFloatFeatures(preset: String) throws {
        let (scale, zeroPoint) = Self.quantisation(preset)
        let frontEnd = FloatFrontEnd(try .preset(preset))
        let oracle = IntegerOracle(t: try Self.tables(preset))
        var noise = ["white noise", "full-scale noise", "quiet noise", "one-bit noise"]
        if preset == "log-spectrogram" { noise = ["impulses"] }
        let impulses = (0..<16000).map { Int16($0 % 320 == 80 ? 20000 : 0) }
        for (name, pcm) in Clips.all + [("impulses", impulses)] where noise.contains(name) {
            let expected = frontEnd.features(of: pcm).map {
                min(255, max(0, Double($0) / scale + Double(zeroPoint)))
            }
            let errors = zip(oracle.features(of: pcm), expected).map { Double($0) - $1 }
            let variance = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
            #expect(variance < 2.0 / 12, "\(preset), \(name), seed \(Clips.seed)")
        }
    }

    /// Nothing that 16 bits can hold overflows: the oracle traps where 32 bits do not suffice.
    @Test(arguments: FrontEndDefinition.presetNames)
    func nothingOverflows(preset: String) throws {
        let oracle = IntegerOracle(t: try Self.tables(preset))
        for (name, pcm) in Clips.all {
            let expected = Int(oracle.t.frameCount) * Int(oracle.t.featureCount)
            #expect(oracle.features(of: pcm).count == expected, "\(name)")
        }
    }

    /// Silence has the value that the definition gives it, to the rounding of one step.
    @Test(arguments: FrontEndDefinition.presetNames)
    func silenceIsDefined(preset: String) throws {
        let (scale, zeroPoint) = Self.quantisation(preset)
        let silence = [Int16](repeating: 0, count: 16000)
        let float = FloatFrontEnd(try .preset(preset)).features(of: silence)
        let integer = IntegerOracle(t: try Self.tables(preset)).features(of: silence)
        for (value, found) in zip(float, integer) {
            let expected = min(255, max(0, Double(value) / scale + Double(zeroPoint)))
            // log_floor is rounded to 1/1024 octave, the DCT's rows to 1/1638: 0.1 in all.
            #expect(abs(Double(found) - expected) < 0.6, "\(preset)")
        }
    }

    @Test(arguments: FrontEndDefinition.presetNames)
    func tablesKeepTheRangesOfTheSpecification(preset: String) throws {
        let t = try Self.tables(preset)
        let (bands, features) = (Int(t.bandCount), Int(t.featureCount))
        let half = Int(t.fftPoints) / 2
        #expect(t.window.count == Int(t.frameSamples))
        #expect(t.window.allSatisfy { (0...16384).contains($0) })
        #expect(t.twiddles.count == 2 * half)
        for pair in 0..<half {
            let (u, v) = (Int(t.twiddles[2 * pair]), Int(t.twiddles[2 * pair + 1]))
            #expect(u % 2 == 0 && v % 2 == 0)
            // Both parts are off by 1 at most, where they do not saturate by 2.
            #expect(abs(Double(u * u + v * v).squareRoot() - 32768) < 2.3)
        }
        #expect(t.bands.count == 3 * bands)
        let bins = (0..<bands).map { Int(t.bands[3 * $0 + 1]) }
        #expect(t.bandWeights.count == bins.reduce(0, +))
        #expect((0..<bands).allSatisfy { Int(t.bands[3 * $0]) + bins[$0] <= half + 1 })
        var weights = t.bandWeights[...]
        for count in bins where count > 0 {
            let sum = weights.prefix(count).reduce(0) { $0 + Int($1) }
            // A band never gives away more than its rounding.
            #expect((32767 - count...32767).contains(sum))
            weights = weights.dropFirst(count)
        }
        #expect(t.multipliers.count == features && t.biases.count == features)
        #expect(t.dct.count == (t.hasCosines ? features * bands : 0))
        for row in 0..<(t.dct.count / max(1, bands)) {
            let sum = t.dct[row * bands..<(row + 1) * bands].reduce(0) { $0 + abs(Int($1)) }
            // A row never gives away more than its rounding.
            #expect((65535 - bands...65535).contains(sum))
        }
        #expect(t.shift <= 30)
        #expect(t.biases.allSatisfy { abs(Int($0)) < 1 << 30 })
        // The largest shift that fits: the next would overflow a multiplier or a bias.
        let full = t.multipliers.contains { abs(Int($0)) >= 1 << 14 }
        #expect(full || t.biases.contains { abs(Int($0)) >= (1 << 29) - 1 } || t.shift == 30)
        #expect(t.windowHops == UInt16(try FrontEndDefinition.preset(preset).windowHops))
        #expect(t.whitening == (t.preemphasis == 0 ? 3 : 0))
        let bytes =
            2
            * (t.window.count + t.twiddles.count + t.bands.count + t.bandWeights.count
                + t.own.count + t.multipliers.count) + 4 * t.biases.count
        #expect((bytes..<bytes + 13).contains(Int(t.tablesBytes)) && t.tablesBytes % 4 == 0)
    }

    /// Samples are off by the rounding of their step, and by that of a multiplier of 15 bits: 128
    /// steps are 2^-15 of themselves longer or shorter, 0.004; two floors add less than 0.002.
    @Test(arguments: [false, true]) func samplesAreSamples(hasFinePlane: Bool) throws {
        let definition = try FrontEndDefinition.waveform(
            frameSamples: 160, hopSamples: 80, frameCount: 99)
        let scale = 1.0 / 128
        let t = try FrontEndTables(
            definition, scale: scale, zeroPoint: 128, hasFinePlane: hasFinePlane)
        for (name, pcm) in Clips.all {
            let steps = FloatFrontEnd(definition).features(of: pcm).map { Double($0) / scale }
            let found = IntegerOracle(t: t).features(of: pcm).map { value in
                hasFinePlane ? Double(value) / 16 - 128 : Double(value) - 128
            }
            let worst = zip(steps, found).map { abs(min($0, 127) - min($1, 127)) }.max() ?? 1
            #expect(worst <= (hasFinePlane ? 0.5 / 16 : 0.5) + 0.006, "\(name)")
            #expect(found.count == 99 * 160)
        }
    }

    @Test func theSameInputGivesTheSameTables() throws {
        for preset in FrontEndDefinition.presetNames {
            #expect(try Self.tables(preset) == Self.tables(preset))
        }
    }

    /// A band between two bins gets none, and so the floor.
    @Test func aBandWithoutBinsIsSilent() throws {
        let definition = try FrontEndDefinition(
            frameSamples: 64, hopSamples: 64, frameCount: 4, fftPoints: 64, window: .rectangular,
            bands: BandLayout(kind: .triangles, count: 40, lowHertz: 20, highHertz: 4000),
            compression: .logarithm(.naturalOfMaximum(floor: 1e-4)))
        let empty = try #require(definition.bandWeights.firstIndex { $0.weights.isEmpty })
        let t = try FrontEndTables(definition, scale: 0.1, zeroPoint: 128)
        #expect(t.bands[3 * empty + 1] == 0)
        let pcm = [Int16](repeating: 12345, count: 256)
        let float = FloatFrontEnd(definition).features(of: pcm)
        let integer = IntegerOracle(t: t).features(of: pcm)
        #expect(abs(Double(float[empty]) - log(1e-4)) < 1e-6)
        #expect(abs(Double(integer[empty]) - 128 - log(1e-4) / 0.1) <= 0.6)
    }

    /// Parameters far from the presets: every FFT size, both spectra, every window and log scale.
    @Test func otherDefinitionsWorkToo() throws {
        var random = Clips.Random(state: Clips.seed)
        for points in [64, 128, 256, 512, 2048, 4096] {
            for spectrum in [SpectrumKind.magnitude, .power] {
                let window = try #require(WindowFunction.allCases.randomElement(using: &random))
                let frame = points * 3 / 4
                let logarithm: LogScale =
                    spectrum == .power
                    ? .decibels(offset: 10, divisor: 10, lower: -5, upper: 4)
                    : .naturalOfMaximum(floor: 1e-5)
                let definition = try FrontEndDefinition(
                    frameSamples: frame, hopSamples: frame / 2, frameCount: 3, fftPoints: points,
                    window: window, preemphasis: 0.5, spectrum: spectrum,
                    bands: BandLayout(kind: .triangles, count: 24, lowHertz: 0, highHertz: 4000),
                    compression: .logarithm(logarithm), coefficients: spectrum == .power ? nil : 5)
                let scale = 0.05
                let t = try FrontEndTables(definition, scale: scale, zeroPoint: 108)
                let pcm = (0..<definition.windowSamples).map { _ in
                    Int16.random(in: -9000...9000, using: &random)
                }
                let expected = FloatFrontEnd(definition).features(of: pcm).map {
                    min(255, max(0, Double($0) / scale + 108))
                }
                let worst = zip(IntegerOracle(t: t).features(of: pcm), expected)
                    .map { abs(Double($0) - $1) }.max()
                // 1 % of a band's energy, as above: at most 0.01 sqrt(2/24) 24 < 0.07 of a feature.
                #expect(
                    try #require(worst) < 0.5 + 0.07 / scale,
                    "\(points) points, \(spectrum), \(window), seed \(Clips.seed)")
            }
        }
    }
}
