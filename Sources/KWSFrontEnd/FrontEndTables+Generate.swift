// SPDX-License-Identifier: Apache-2.0

extension FrontEndTables {
    /// Turns a definition into integers for an unsigned 8-bit input `real = scale * (q - zeroPoint)`.
    ///
    /// - Parameter pcmCapacity: samples of the PCM ring; nil: the frame's hops and two more.
    /// - Throws: `FrontEndError` for a combination that SPEC.md has no arithmetic for.
    package init(
        _ definition: FrontEndDefinition, scale: Double, zeroPoint: Int,
        hasFinePlane: Bool = false, pcmCapacity: Int? = nil
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
        let bands = d.bandWeights
        if let wide = bands.firstIndex(where: { $0.weights.count > 511 }) {
            throw FrontEndError(
                field: "bands", found: "band \(wide) of \(bands[wide].weights.count) bins",
                allowed: "at most 511 bins")
        }
        let least = (d.overlapHops + 1) * d.hopSamples + 1
        let capacity = pcmCapacity ?? (d.overlapHops + 3) * d.hopSamples
        guard (least...1 << 20).contains(capacity) else {
            throw FrontEndError(
                field: "pcmCapacity", found: "\(capacity)", allowed: "\(least) to \(1 << 20)")
        }

        let units = LogUnits(d, kind: kind, bands: bands)
        guard units.fits else {
            throw FrontEndError(
                field: "logarithm", found: "a range of \(units.octaves.rounded(.up)) octaves",
                allowed: "at most 64 octaves from the floor to a full-scale tone")
        }
        let output = try OutputScaling(
            d, units: units, scale: hasFinePlane ? scale / 16 : scale,
            zeroPoint: hasFinePlane ? 16 * zeroPoint : zeroPoint)

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
        inputShift = UInt8(FFTLevels(points: d.fftPoints).inputShift)
        logOffset = Int32(units.offset)
        logFloor = Int32(units.floor)
        self.pcmCapacity = UInt32(capacity)
        window = d.window.samples(d.frameSamples).map(Self.q15)
        twiddles = Self.twiddles(points: d.fftPoints)
        self.bands = bands.flatMap { [UInt16($0.firstBin), UInt16(max(1, $0.weights.count))] }
        // A band that no bin meets is one bin of weight 0: silent, as in the definition.
        bandWeights = bands.flatMap { band in
            band.weights.isEmpty
                ? [0] : band.weights.map { UInt16(min(32768, max(0, ($0 * 32768).rounded()))) }
        }
        dct = output.dct
        multipliers = output.multipliers
        biases = output.biases
    }

    /// The nearest Q15 number, saturated to 32767.
    static func q15(_ value: Double) -> Int16 {
        Int16(min(32767, max(-32768, (value * 32768).rounded())))
    }

    private static func twiddles(points: Int) -> [Int16] {
        func pairs(_ count: Int, of period: Int) -> [Int16] {
            (0..<count).flatMap { k in
                let angle = 2 * Double.pi * Double(k) / Double(period)
                return [q15(Mathematics.cosine(angle)), q15(-Mathematics.sine(angle))]
            }
        }
        let half = points / 2
        return pairs(3 * half / 4, of: half) + pairs(half / 2, of: points)
    }
}

extension FeatureKind {
    /// The integer front end that computes a definition.
    init(_ d: FrontEndDefinition) throws(FrontEndError) {
        switch (d.normalisation, d.logarithm, d.coefficients) {
        case (.fullScale, .naturalOfSum, _):
            throw FrontEndError(
                field: "logarithm", found: "natural log of a sum with full-scale samples",
                allowed: "natural log of a maximum, or decibels")
        case (.fullScale, _, nil): self = .logMel
        case (.fullScale, _, _): self = .mfcc
        case (.windowPeak, .naturalOfSum, .some) where d.spectrum == .magnitude: self = .mfccPeak
        case (.windowPeak, _, _):
            throw FrontEndError(
                field: "normalisation",
                found: "window peak with \(d.spectrum.rawValue), \(d.logarithm), "
                    + (d.coefficients == nil ? "log-mel" : "DCT"),
                allowed: "window peak with magnitude, natural log of a sum and DCT")
        }
    }
}
