// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd

extension DescriptionFile {
    private static let definitionKeys = [
        "sampleRate", "frameSamples", "hopSamples", "frameCount", "fftPoints", "window",
        "preemphasis", "spectrum", "spectrumScale", "bands", "normalisation", "logarithm",
        "pcen", "coefficients",
    ]

    private static let waveformKeys = [
        "spectrum", "sampleRate", "frameSamples", "hopSamples", "frameCount", "normalisation",
    ]

    /// A front end given field by field.
    static func definition(_ field: JSONField) throws(ModelFileError) -> FrontEndDefinition {
        let members = try field.object(allowed: definitionKeys)
        func count(_ name: String) throws(ModelFileError) -> Int {
            try members.required(name, of: field).integer(1...65_535)
        }
        func number(_ name: String, _ fallback: Double) throws(ModelFileError) -> Double {
            try members[name]?.number(-1e12...1e12) ?? fallback
        }
        func word<T: RawRepresentable<String> & CaseIterable>(
            _ name: String, _ fallback: T?
        ) throws(ModelFileError) -> T {
            if let fallback, members[name] == nil { return fallback }
            let member = try members.required(name, of: field)
            guard let value = T(rawValue: try member.choice(T.allCases.map(\.rawValue))) else {
                throw member.error(T.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return value
        }
        let spectrum: SpectrumKind = try word("spectrum", .magnitude)
        let normalisation: SampleNormalisation = try word("normalisation", .fullScale)
        let sampleRate = members["sampleRate"] == nil ? 16_000 : try count("sampleRate")
        let frameSamples = try count("frameSamples")
        let hopSamples = try count("hopSamples")
        let frameCount = try count("frameCount")
        if spectrum == .waveform {
            _ = try field.object(allowed: waveformKeys)
            do {
                return try FrontEndDefinition.waveform(
                    sampleRate: sampleRate, frameSamples: frameSamples, hopSamples: hopSamples,
                    frameCount: frameCount, normalisation: normalisation)
            } catch {
                throw field.error(error.allowed, found: "\(error.field) \(error.found)")
            }
        }
        let fftPoints = try count("fftPoints")
        let window: WindowFunction = try word("window", nil)
        let preemphasis = try number("preemphasis", 0)
        let spectrumScale = try number("spectrumScale", 1)
        let bands = try bands(try members.required("bands", of: field))
        let compression = try compression(field, members)
        let coefficients = members["coefficients"] == nil ? nil : try count("coefficients")
        do {
            return try FrontEndDefinition(
                sampleRate: sampleRate, frameSamples: frameSamples, hopSamples: hopSamples,
                frameCount: frameCount, fftPoints: fftPoints, window: window,
                preemphasis: preemphasis, spectrum: spectrum, spectrumScale: spectrumScale,
                bands: bands, normalisation: normalisation, compression: compression,
                coefficients: coefficients)
        } catch {
            throw field.error(error.allowed, found: "\(error.field) \(error.found)")
        }
    }

    private static func bands(_ field: JSONField) throws(ModelFileError) -> BandLayout {
        let members = try field.object(allowed: ["kind", "count", "lowHertz", "highHertz"])
        let kinds = BandLayout.Kind.allCases.map(\.rawValue)
        let kind = try members["kind"]?.choice(kinds) ?? BandLayout.Kind.triangles.rawValue
        return BandLayout(
            kind: BandLayout.Kind(rawValue: kind) ?? .triangles,
            count: try members.required("count", of: field).integer(1...256),
            lowHertz: try members.required("lowHertz", of: field).number(0...48_000),
            highHertz: try members.required("highHertz", of: field).number(0...48_000))
    }

    /// Either "logarithm" or "pcen".
    private static func compression(
        _ field: JSONField, _ members: [String: JSONField]
    ) throws(ModelFileError) -> Compression {
        guard let pcen = members["pcen"] else {
            return .logarithm(try logarithm(try members.required("logarithm", of: field)))
        }
        if let other = members["logarithm"] {
            throw other.error("one of \"logarithm\" and \"pcen\"")
        }
        var result = PCEN()
        let parts = try pcen.object(allowed: ["smoothing", "gain", "bias", "root", "epsilon"])
        func put(
            _ name: String, _ path: WritableKeyPath<PCEN, Double>
        ) throws(ModelFileError) {
            if let part = parts[name] { result[keyPath: path] = try part.number(-1e12...1e12) }
        }
        try put("smoothing", \.smoothing)
        try put("gain", \.gain)
        try put("bias", \.bias)
        try put("root", \.root)
        try put("epsilon", \.epsilon)
        return .pcen(result)
    }

    /// `{"naturalOfMaximum": floor}`, `{"naturalOfSum": floor}` or
    /// `{"decibels": {"offset", "divisor", "lower", "upper"}}`.
    private static func logarithm(_ field: JSONField) throws(ModelFileError) -> LogScale {
        let members = try field.object(allowed: ["naturalOfMaximum", "naturalOfSum", "decibels"])
        guard members.count == 1 else { throw field.error("exactly one logarithm") }
        if let floor = members["naturalOfMaximum"] {
            return .naturalOfMaximum(floor: try floor.number(0...1))
        }
        if let floor = members["naturalOfSum"] {
            return .naturalOfSum(floor: try floor.number(0...1))
        }
        let decibels = try members.required("decibels", of: field)
        let parts = try decibels.object(allowed: ["offset", "divisor", "lower", "upper"])
        func part(_ name: String) throws(ModelFileError) -> Double {
            try parts.required(name, of: decibels).number(-1e6...1e6)
        }
        return .decibels(
            offset: try part("offset"), divisor: try part("divisor"), lower: try part("lower"),
            upper: try part("upper"))
    }
}
