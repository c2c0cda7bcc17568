// SPDX-License-Identifier: Apache-2.0

extension FrontEndDefinition {
    /// Refuses what no front end of this project can compute; limits as in `kws_front_end`.
    func check() throws(FrontEndError) {
        try Self.check("sampleRate", sampleRate, 1000...48000)
        try Self.check("frameCount", frameCount, 1...1024)
        if spectrum == .waveform {
            try Self.check("frameSamples", frameSamples, 1...256)
            try Self.check("hopSamples", hopSamples, 1...frameSamples)
            guard preemphasis == 0, coefficients == nil else {
                throw FrontEndError(
                    field: "spectrum", found: "waveform with pre-emphasis or coefficients",
                    allowed: "neither with a waveform")
            }
            return
        }
        guard (64...4096).contains(fftPoints), fftPoints & (fftPoints - 1) == 0 else {
            throw FrontEndError(
                field: "fftPoints", found: "\(fftPoints)", allowed: "a power of two, 64 to 4096")
        }
        try Self.check("frameSamples", frameSamples, 2...fftPoints)
        try Self.check("hopSamples", hopSamples, 1...frameSamples)
        try Self.check("preemphasis", preemphasis, 0...0.999)
        try Self.check("spectrumScale", spectrumScale, 1e-12...1e12)
        try Self.check("bands.count", bands.count, 1...256)
        let nyquist = Double(sampleRate) / 2
        try Self.check("bands.highHertz", bands.highHertz, 1...nyquist)
        guard bands.lowHertz >= 0, bands.lowHertz < bands.highHertz else {
            throw FrontEndError(
                field: "bands.lowHertz", found: "\(bands.lowHertz)",
                allowed: "0 up to below bands.highHertz, \(bands.highHertz)")
        }
        if let coefficients { try Self.check("coefficients", coefficients, 1...bands.count) }
        switch compression {
        case .logarithm(let scale): try check(scale)
        case .pcen(let pcen):
            // Q15 on the device, where the smoothing is 1 at least and 32767 at most.
            try Self.check("pcen.smoothing", pcen.smoothing, 1.0 / 32768...32767.0 / 32768)
            try Self.check("pcen.gain", pcen.gain, 0...1)
            try Self.check("pcen.bias", pcen.bias, 1e-6...1e6)
            try Self.check("pcen.root", pcen.root, 0.01...1)
            try Self.check("pcen.epsilon", pcen.epsilon, 1e-15...1e6)
        }
    }

    private func check(_ logarithm: LogScale) throws(FrontEndError) {
        switch logarithm {
        case .naturalOfMaximum(let floor), .naturalOfSum(let floor):
            try Self.check("logarithm.floor", floor, 1e-15...1)
        case .decibels(let offset, let divisor, let lower, let upper):
            try Self.check("logarithm.offset", offset, -1000...1000)
            try Self.check("logarithm.divisor", divisor, 1e-3...1000)
            guard lower.isFinite, upper.isFinite, lower < upper else {
                throw FrontEndError(
                    field: "logarithm.lower", found: "\(lower) (upper: \(upper))",
                    allowed: "a finite number below logarithm.upper")
            }
        }
    }

    private static func check<T: Comparable>(
        _ field: String, _ value: T, _ range: ClosedRange<T>
    ) throws(FrontEndError) {
        // Written so that NaN, which compares with nothing, fails.
        guard value >= range.lowerBound, value <= range.upperBound else {
            throw FrontEndError(
                field: field, found: "\(value)",
                allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }
}
