// SPDX-License-Identifier: Apache-2.0

internal import CSampleRate
internal import CSndFile

extension AudioFile {
    /// The rates that are converted.
    private static let rates = 8_000...192_000

    /// Reads any file that libsndfile reads and makes it mono, 16 bit, 16 kHz: channels are averaged,
    /// the rate is changed by libsamplerate.
    ///
    /// - Returns: the samples, and whether anything had to be converted.
    /// - Throws: if the file is missing, damaged, truncated, empty, too long, or of a rate below 8 or
    ///   above 192 kHz.
    package static func readConverting(
        _ path: String
    ) throws(EvaluationError) -> (samples: [Int16], isConverted: Bool) {
        let (file, info) = try open(path, kinds: "recording that can be read")
        defer { sf_close(file) }
        if info.samplerate == Int32(sampleRate), info.channels == 1,
            info.format & Int32(SF_FORMAT_SUBMASK) == Int32(SF_FORMAT_PCM_16)
        {
            return (try read(path), false)
        }
        try RiffHeader.checkLength(path)
        guard rates.contains(Int(info.samplerate)), (1...64).contains(info.channels),
            info.frames > 0, Int(info.frames) <= samplesMax * Int(info.samplerate) / sampleRate
        else {
            throw EvaluationError(
                .badData, path,
                "\(info.frames) samples of \(info.channels) channels at \(info.samplerate) Hz; "
                    + "allowed: 1 sample to four hours, 64 channels, 8000 to 192000 Hz")
        }
        let (count, channels) = (Int(info.frames), Int(info.channels))
        var samples = [Float](repeating: 0, count: count * channels)
        let read = samples.withUnsafeMutableBufferPointer {
            Int(sf_readf_float(file, $0.baseAddress, sf_count_t(count)))
        }
        try checkRead(read, of: count, path)
        let mono = (0..<count).map { i in
            samples[i * channels..<(i + 1) * channels].reduce(0, +) / Float(channels)
        }
        return (try resampled(mono, from: Int(info.samplerate), path).map(rounded), true)
    }

    private static func rounded(_ sample: Float) -> Int16 {
        // What is no number has no sound.
        guard sample.isFinite else { return 0 }
        return Int16(max(-32768, min(32767, (sample * 32768).rounded())))
    }

    private static func resampled(
        _ samples: [Float], from rate: Int, _ path: String
    ) throws(EvaluationError) -> [Float] {
        guard rate != sampleRate else { return samples }
        let ratio = Double(sampleRate) / Double(rate)
        var out = [Float](repeating: 0, count: Int((Double(samples.count) * ratio).rounded(.up)))
        let (status, made) = samples.withUnsafeBufferPointer { input in
            out.withUnsafeMutableBufferPointer { output in
                var data = SRC_DATA()
                data.data_in = input.baseAddress
                data.input_frames = samples.count
                data.data_out = output.baseAddress
                data.output_frames = output.count
                data.src_ratio = ratio
                let status = src_simple(&data, Int32(SRC_SINC_MEDIUM_QUALITY), 1)
                return (status, Int(data.output_frames_gen))
            }
        }
        guard status == 0 else {
            throw EvaluationError(
                .failure, path,
                "resampling failed: \(src_strerror(status).map { String(cString: $0) } ?? "")")
        }
        return Array(out.prefix(made))
    }
}
