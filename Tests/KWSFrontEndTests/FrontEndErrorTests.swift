// SPDX-License-Identifier: Apache-2.0

// Goal: every definition that cannot be computed is refused by an error that names the field.
// Method: one valid definition, changed in one field at a time.

internal import KWSFrontEnd
internal import Testing

@Suite struct FrontEndErrorTests {
    /// Everything the public initialiser takes, valid until changed.
    struct Fields {
        var sampleRate = 16000
        var frameSamples = 480
        var hopSamples = 320
        var frameCount = 49
        var fftPoints = 512
        var preemphasis = 0.0
        var spectrum = SpectrumKind.magnitude
        var spectrumScale = 1.0
        var bands = BandLayout(kind: .triangles, count: 40, lowHertz: 20, highHertz: 4000)
        var normalisation = SampleNormalisation.fullScale
        var logarithm = LogScale.naturalOfMaximum(floor: 1e-6)
        var pcen: PCEN?
        var coefficients: Int? = 10

        func definition() throws(FrontEndError) -> FrontEndDefinition {
            try FrontEndDefinition(
                sampleRate: sampleRate, frameSamples: frameSamples, hopSamples: hopSamples,
                frameCount: frameCount, fftPoints: fftPoints, window: .periodicHann,
                preemphasis: preemphasis, spectrum: spectrum, spectrumScale: spectrumScale,
                bands: bands, normalisation: normalisation,
                compression: pcen.map { .pcen($0) } ?? .logarithm(logarithm),
                coefficients: coefficients)
        }
    }

    static func refusedField(_ change: (inout Fields) -> Void) -> String? {
        var fields = Fields()
        change(&fields)
        do {
            _ = try fields.definition()
            return nil
        } catch {
            return error.field
        }
    }

    @Test func aDefinitionWithoutFaultIsAccepted() {
        #expect(Self.refusedField { _ in } == nil)
    }

    @Test func everyFieldIsChecked() {
        #expect(Self.refusedField { $0.sampleRate = 0 } == "sampleRate")
        #expect(Self.refusedField { $0.sampleRate = 96000 } == "sampleRate")
        #expect(Self.refusedField { $0.frameSamples = 513 } == "frameSamples")
        #expect(Self.refusedField { $0.frameSamples = 1 } == "frameSamples")
        #expect(Self.refusedField { $0.hopSamples = 0 } == "hopSamples")
        #expect(Self.refusedField { $0.hopSamples = 481 } == "hopSamples")
        #expect(Self.refusedField { $0.frameCount = 0 } == "frameCount")
        #expect(Self.refusedField { $0.fftPoints = 500 } == "fftPoints")
        #expect(Self.refusedField { $0.fftPoints = 8192 } == "fftPoints")
        #expect(Self.refusedField { $0.preemphasis = 1 } == "preemphasis")
        #expect(Self.refusedField { $0.preemphasis = .nan } == "preemphasis")
        #expect(Self.refusedField { $0.spectrumScale = 0 } == "spectrumScale")
        #expect(Self.refusedField { $0.bands.count = 0 } == "bands.count")
        #expect(Self.refusedField { $0.bands.highHertz = 8001 } == "bands.highHertz")
        #expect(Self.refusedField { $0.bands.lowHertz = 4000 } == "bands.lowHertz")
        #expect(Self.refusedField { $0.coefficients = 41 } == "coefficients")
        #expect(
            Self.refusedField { $0.logarithm = .naturalOfSum(floor: 0) } == "logarithm.floor")
        #expect(
            Self.refusedField {
                $0.logarithm = .decibels(offset: 0, divisor: 0, lower: 0, upper: 1)
            } == "logarithm.divisor")
        #expect(
            Self.refusedField {
                $0.logarithm = .decibels(offset: .infinity, divisor: 1, lower: 0, upper: 1)
            } == "logarithm.offset")
        #expect(
            Self.refusedField {
                $0.logarithm = .decibels(offset: 0, divisor: 1, lower: 1, upper: 1)
            } == "logarithm.lower")
    }

    @Test func everyFieldOfPCENIsChecked() {
        let fields: [(String, WritableKeyPath<PCEN, Double>, [Double])] = [
            ("smoothing", \.smoothing, [0, 1]), ("gain", \.gain, [-0.1, 1.01]),
            ("bias", \.bias, [0, .nan]), ("root", \.root, [0, 1.01]), ("epsilon", \.epsilon, [0]),
        ]
        for (name, path, values) in fields {
            for value in values {
                let refused = Self.refusedField {
                    $0.pcen = PCEN()
                    $0.pcen?[keyPath: path] = value
                }
                #expect(refused == "pcen.\(name)")
            }
        }
    }

    @Test func theFieldsOfAWaveformAreChecked() {
        func refused(_ frame: Int, _ hop: Int, _ count: Int) -> String? {
            do {
                _ = try FrontEndDefinition.waveform(
                    frameSamples: frame, hopSamples: hop, frameCount: count)
                return nil
            } catch {
                return error.field
            }
        }
        #expect(refused(160, 160, 100) == nil)
        #expect(refused(257, 160, 100) == "frameSamples")
        #expect(refused(160, 161, 100) == "hopSamples")
        #expect(refused(160, 160, 0) == "frameCount")
        #expect(Self.refusedField { $0.spectrum = .waveform } == "frameSamples")
    }

    @Test func anUnknownPresetIsNamed() {
        #expect(
            throws: FrontEndError(
                field: "preset", found: "'mfcc'",
                allowed: FrontEndDefinition.presetNames.joined(separator: ", "))
        ) { try FrontEndDefinition.preset("mfcc") }
    }

    static func refusedTables(
        scale: Double = 0.5, zeroPoint: Int = 0, pcmCapacity: Int? = nil,
        _ change: (inout Fields) -> Void = { _ in }
    ) throws -> String? {
        var fields = Fields()
        change(&fields)
        let definition = try fields.definition()
        do throws(FrontEndError) {
            _ = try FrontEndTables(
                definition, scale: scale, zeroPoint: zeroPoint, pcmCapacity: pcmCapacity)
            return nil
        } catch {
            return error.field
        }
    }

    @Test func whatSpecificationLacksIsRefused() throws {
        #expect(try Self.refusedTables() == nil)
        #expect(try Self.refusedTables(scale: 0) == "scale")
        #expect(try Self.refusedTables(scale: 1e-9) == "scale")
        #expect(try Self.refusedTables(zeroPoint: 256) == "zeroPoint")
        #expect(try Self.refusedTables(pcmCapacity: 640) == "pcmCapacity")
        #expect(try Self.refusedTables(pcmCapacity: 641) == nil)
        #expect(try Self.refusedTables { $0.logarithm = .naturalOfSum(floor: 1e-6) } == "logarithm")
        #expect(
            try Self.refusedTables {
                $0.logarithm = .naturalOfSum(floor: 1e-15)
                $0.coefficients = nil
            } == "logarithm")
        #expect(try Self.refusedTables { $0.pcen = PCEN() } == "coefficients")
        #expect(
            try Self.refusedTables {
                $0.pcen = PCEN()
                $0.pcen?.epsilon = 1e6
                $0.spectrumScale = 1e-6
                $0.coefficients = nil
            } == "pcen.epsilon")
        #expect(try Self.refusedTables { $0.normalisation = .windowPeak } == "normalisation")
        #expect(
            try Self.refusedTables {
                $0.logarithm = .decibels(offset: 0, divisor: 1, lower: -150, upper: 50)
            } == "logarithm")
    }
}
