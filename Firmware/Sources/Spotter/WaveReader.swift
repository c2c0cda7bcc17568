// SPDX-License-Identifier: Apache-2.0

import Semihosting

/// The samples of a WAV file of the host: 16-bit PCM, one channel.
struct WaveReader: ~Copyable {
    private let file: HostFile
    /// Hz.
    let sampleRate: UInt32
    /// Bytes of samples that are still to be read.
    private var left: Int

    /// Finds format and samples; nil for anything but 16-bit PCM of one channel.
    init?(_ file: consuming HostFile) {
        guard WaveReader.word(file) == 0x4646_4952,  // "RIFF"
            WaveReader.word(file) != nil,
            WaveReader.word(file) == 0x4556_4157  // "WAVE"
        else { return nil }
        var rate: UInt32 = 0
        var position = 12
        while true {
            guard let name = WaveReader.word(file), let size = WaveReader.word(file),
                size <= 1 << 30
            else { return nil }
            position += 8
            if name == 0x6174_6164 {  // "data"
                guard rate != 0 else { return nil }
                left = Int(size)
                break
            }
            if name == 0x2074_6D66 {  // "fmt "
                guard WaveReader.word(file) == 0x0001_0001,  // PCM, one channel
                    let found = WaveReader.word(file), WaveReader.word(file) != nil,
                    WaveReader.word(file) == 0x0010_0002  // 2 bytes a sample, 16 bits
                else { return nil }
                rate = found
            }
            position += (Int(size) + 1) & ~1
            guard file.seek(to: position) else { return nil }
        }
        sampleRate = rate
        self.file = file
    }

    /// Reads up to `buffer.count` samples and returns how many; 0 at the end.
    mutating func read(into buffer: UnsafeMutableBufferPointer<Int16>) -> Int {
        let wanted = min(left, buffer.count * 2) & ~1
        guard wanted > 0 else { return 0 }
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        let count = file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]))
        left = count == 0 ? 0 : left - count
        return count / 2
    }

    private static func word(_ file: borrowing HostFile) -> UInt32? {
        var word: UInt32 = 0
        let isComplete = withUnsafeMutableBytes(of: &word) { file.fill($0) }
        return isComplete ? word : nil
    }
}
