// SPDX-License-Identifier: Apache-2.0

internal import CSndFile
internal import Foundation

/// Reads audio as the library takes it: mono, 16 bit, 16 kHz.
package enum AudioFile {
    package static let sampleRate = 16_000
    /// The longest file that is read whole: four hours.
    static let samplesMax = 4 * 3600 * sampleRate

    /// Reads a WAV, FLAC or Ogg file.
    ///
    /// - Throws: if the file is missing, damaged, truncated, empty, or of another rate, width or
    ///   channel count; nothing is converted.
    package static func read(_ path: String) throws(EvaluationError) -> [Int16] {
        let (file, info) = try open(path, kinds: "WAV, FLAC or Ogg file")
        defer { sf_close(file) }
        try check(info, path)
        try RiffHeader.checkLength(path)

        let count = Int(info.frames)
        // Vorbis and Opus decode to floats, which may overshoot.
        sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
        var samples = [Int16](repeating: 0, count: count)
        let read = samples.withUnsafeMutableBufferPointer {
            Int(sf_readf_short(file, $0.baseAddress, sf_count_t(count)))
        }
        try checkRead(read, of: count, path)
        return samples
    }

    /// Opens a recording; who gets it closes it.
    static func open(
        _ path: String, kinds: String
    ) throws(EvaluationError) -> (file: OpaquePointer, info: SF_INFO) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw EvaluationError(.noSuchFile, path, "no such file")
        }
        var info = SF_INFO()
        guard let file = sf_open(path, Int32(SFM_READ), &info) else {
            throw EvaluationError(
                .badData, path, "not a \(kinds) (\(String(cString: sf_strerror(nil))))")
        }
        return (file, info)
    }

    static func checkRead(_ read: Int, of count: Int, _ path: String) throws(EvaluationError) {
        guard read == count else {
            throw EvaluationError(
                .badData, path, "truncated: found \(max(0, read)) samples, header says \(count)")
        }
    }

    private static func check(_ info: SF_INFO, _ path: String) throws(EvaluationError) {
        func refuse(_ what: String, _ found: String, _ allowed: String) -> EvaluationError {
            EvaluationError(.badData, path, "\(what): found \(found), allowed \(allowed)")
        }
        guard info.samplerate == Int32(sampleRate) else {
            throw refuse("sample rate", "\(info.samplerate) Hz", "\(sampleRate) Hz")
        }
        guard info.channels == 1 else {
            throw refuse("channels", "\(info.channels)", "1")
        }
        if let width = width(ofSubtype: info.format & Int32(SF_FORMAT_SUBMASK)) {
            throw refuse("sample width", width, "16-bit integer")
        }
        guard info.frames > 0 else {
            throw refuse("length", "no samples", "1 or more")
        }
        guard info.frames <= samplesMax else {
            throw refuse("length", "\(info.frames) samples", "at most \(samplesMax)")
        }
    }

    /// Names a subtype that is refused; nil for 16-bit samples and for codecs without a width.
    private static func width(ofSubtype subtype: Int32) -> String? {
        switch Int(subtype) {
        case Int(SF_FORMAT_PCM_16), Int(SF_FORMAT_VORBIS), Int(SF_FORMAT_OPUS): nil
        case Int(SF_FORMAT_PCM_S8), Int(SF_FORMAT_PCM_U8): "8-bit integer"
        case Int(SF_FORMAT_PCM_24): "24-bit integer"
        case Int(SF_FORMAT_PCM_32): "32-bit integer"
        case Int(SF_FORMAT_FLOAT): "32-bit float"
        case Int(SF_FORMAT_DOUBLE): "64-bit float"
        default: "coding \(subtype)"
        }
    }
}
