// SPDX-License-Identifier: Apache-2.0

extension FrontEndTables {
    /// Turns a definition into integers for an unsigned 8-bit input `real = scale * (q - zeroPoint)`.
    ///
    /// - Parameters:
    ///   - pcmCapacity: samples of the PCM ring; nil: the frame's hops and `slackHops` more.
    ///   - slackHops: how far audio may run ahead of the polls, 1 at least.
    /// - Throws: `FrontEndError` for a combination that SPEC.md has no arithmetic for.
    package init(
        _ definition: FrontEndDefinition, scale: Double, zeroPoint: Int,
        hasFinePlane: Bool = false, pcmCapacity: Int? = nil, slackHops: Int = 2
    ) throws(FrontEndError) {
        guard scale.isFinite, scale > 0 else {
            throw FrontEndError(field: "scale", found: "\(scale)", allowed: "a positive number")
        }
        guard hasFinePlane ? zeroPoint == 128 : (0...255).contains(zeroPoint) else {
            throw FrontEndError(
                field: "zeroPoint", found: "\(zeroPoint)",
                allowed: hasFinePlane ? "128 with a fine plane" : "0 to 255")
        }
        let d = definition
        let kind = try FeatureKind(d)
        let least = (d.overlapHops + 1) * d.hopSamples + 1
        let capacity = pcmCapacity ?? (d.overlapHops + 1 + slackHops) * d.hopSamples
        guard (least...1 << 20).contains(capacity) else {
            throw FrontEndError(
                field: "pcmCapacity", found: "\(capacity)", allowed: "\(least) to \(1 << 20)")
        }

        let steps = hasFinePlane ? 16 : 1
        if kind == .waveform {
            let output = try OutputScaling(
                waveform: d, scale: scale / Double(steps), zeroPoint: steps * zeroPoint)
            self.init(waveform: d, hasFinePlane: hasFinePlane, capacity: capacity, output: output)
        } else {
            try self.init(
                d, kind: kind, scale: scale / Double(steps), zeroPoint: steps * zeroPoint,
                hasFinePlane: hasFinePlane, capacity: capacity)
        }
    }

    /// Bands of a spectrum.
    private init(
        _ d: FrontEndDefinition, kind: FeatureKind, scale: Double, zeroPoint: Int,
        hasFinePlane: Bool, capacity: Int
    ) throws(FrontEndError) {
        let bands = d.bandWeights
        let units = LogUnits(d, kind: kind, bands: bands)
        guard units.fits else {
            throw FrontEndError(
                field: "logarithm", found: "a range of \(units.octaves.rounded(.up)) octaves",
                allowed: "at most 64 octaves from the floor to a full-scale tone")
        }
        let output = try OutputScaling(
            d, units: units, scale: scale, zeroPoint: zeroPoint, most: hasFinePlane ? 4096 : 256)

        features = kind
        sampleRate = UInt16(d.sampleRate)
        frameSamples = UInt16(d.frameSamples)
        hopSamples = UInt16(d.hopSamples)
        frameCount = UInt16(d.frameCount)
        windowHops = UInt16(d.windowHops)
        bandCount = UInt16(d.bands.count)
        featureCount = UInt16(d.featureCount)
        fftPoints = UInt16(d.fftPoints)
        spectrum = d.spectrum == .magnitude ? 0 : 1
        shift = UInt8(output.shift)
        preemphasis = Self.q15(d.preemphasis)
        finePlane = hasFinePlane ? 1 : 0
        let whitening = Whitening(d)
        self.whitening = UInt8(whitening.shift)
        logOffset = Int32(units.offset)
        logFloor = Int32(units.floor)
        self.pcmCapacity = UInt32(capacity)
        window = d.window.samples(d.frameSamples).map { Int16(($0 * 16384).rounded()) }
        twiddles = Self.twiddles(points: d.fftPoints)
        let integers = bands.map { IntegerBand(whitening.undone(in: $0, spectrum: d.spectrum)) }
        self.bands = integers.flatMap {
            [UInt16($0.firstBin), UInt16($0.weights.count), UInt16(bitPattern: $0.logOffset)]
        }
        bandWeights = integers.flatMap(\.weights)
        own = output.own
        multipliers = output.multipliers
        biases = output.biases
    }

    /// Samples: no transform and none of its tables.
    private init(
        waveform d: FrontEndDefinition, hasFinePlane: Bool, capacity: Int, output: OutputScaling
    ) {
        features = .waveform
        sampleRate = UInt16(d.sampleRate)
        frameSamples = UInt16(d.frameSamples)
        hopSamples = UInt16(d.hopSamples)
        frameCount = UInt16(d.frameCount)
        windowHops = UInt16(d.windowHops)
        (bandCount, fftPoints, spectrum, preemphasis, whitening) = (0, 0, 0, 0, 0)
        (logOffset, logFloor) = (0, 0)
        (window, twiddles, bands, bandWeights, own) = ([], [], [], [], [])
        featureCount = UInt16(d.featureCount)
        finePlane = hasFinePlane ? 1 : 0
        pcmCapacity = UInt32(capacity)
        (shift, multipliers, biases) = (UInt8(output.shift), output.multipliers, output.biases)
    }

    /// The nearest Q15 number, saturated to 32767.
    static func q15(_ value: Double) -> Int16 {
        Int16(min(32767, max(-32768, (value * 32768).rounded())))
    }

    /// `T(2g)` for `g < M/2`, then `T(g)` and `T(g) T(2g)` for `g < M/4`; see SPEC.md.
    private static func twiddles(points: Int) -> [Int16] {
        /// exp(-pi i turns), both parts even numbers in Q15.
        func pair(_ turns: Double) -> [Int16] {
            [Mathematics.cosine(.pi * turns), -Mathematics.sine(.pi * turns)]
                .map { Int16(min(32766, 2 * ($0 * 16384).rounded())) }
        }
        /// The bits of g behind the binary point, the lowest one first.
        func reversed(_ g: Int) -> Double {
            var (rest, bit, value) = (g, 0.5, 0.0)
            while rest > 0 {
                if rest & 1 == 1 { value += bit }
                (rest, bit) = (rest >> 1, bit / 2)
            }
            return value
        }
        let half = points / 2
        return (0..<half / 2).flatMap { pair(reversed(2 * $0)) }
            + (0..<half / 4).flatMap {
                pair(reversed($0)) + pair(reversed($0) + reversed(2 * $0))
            }
    }
}

extension FeatureKind {
    /// The integer front end that computes a definition.
    init(_ d: FrontEndDefinition) throws(FrontEndError) {
        if d.spectrum == .waveform, d.normalisation != .windowPeak {
            self = .waveform
            return
        }
        switch (d.compression, d.normalisation, d.coefficients) {
        case (.logarithm(.naturalOfSum), .windowPeak, .some) where d.spectrum == .magnitude:
            self = .mfccPeak
        case (_, .windowPeak, _):
            throw FrontEndError(
                field: "normalisation",
                found: "window peak with \(d.spectrum.rawValue), \(d.compression), "
                    + (d.coefficients == nil ? "no DCT" : "DCT"),
                allowed: "window peak with magnitude, natural log of a sum and DCT")
        case (.pcen, _, nil): self = .pcen
        case (.pcen, _, .some(let count)):
            throw FrontEndError(
                field: "coefficients", found: "\(count) with PCEN", allowed: "none with PCEN")
        case (.logarithm(.naturalOfSum), _, nil): self = .logSum
        case (.logarithm(.naturalOfSum), _, .some):
            throw FrontEndError(
                field: "logarithm",
                found: "natural log of a sum and DCT with "
                    + "\(d.normalisation.rawValue) samples",
                allowed: "natural log of a maximum, or decibels")
        case (.logarithm, _, nil): self = .logMel
        case (.logarithm, _, .some): self = .mfcc
        }
    }
}
