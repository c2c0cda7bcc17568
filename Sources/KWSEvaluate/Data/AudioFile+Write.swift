// SPDX-License-Identifier: Apache-2.0

internal import CSndFile
internal import Foundation

extension AudioFile {
    /// Writes a WAV file: mono, 16 bit, 16 kHz.
    ///
    /// - Throws: if it cannot be written whole; then there is no file.
    package static func write(_ samples: [Int16], to path: String) throws(EvaluationError) {
        var info = SF_INFO()
        info.samplerate = Int32(sampleRate)
        info.channels = 1
        info.format = Int32(SF_FORMAT_WAV) | Int32(SF_FORMAT_PCM_16)
        guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
            throw EvaluationError(
                .failure, path, "cannot be written (\(String(cString: sf_strerror(nil))))")
        }
        let written = samples.withUnsafeBufferPointer {
            Int(sf_writef_short(file, $0.baseAddress, sf_count_t(samples.count)))
        }
        guard sf_close(file) == 0, written == samples.count else {
            try? FileManager.default.removeItem(atPath: path)
            throw EvaluationError(
                .failure, path, "\(written) of \(samples.count) samples could be written")
        }
    }
}
