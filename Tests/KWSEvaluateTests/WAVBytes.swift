// SPDX-License-Identifier: Apache-2.0

/// A RIFF/WAVE file written by hand, lies included.
struct WAVBytes {
    var rate = 16_000
    var channels = 1
    var bits = 16
    /// 1: integers; 3: floats.
    var coding = 1
    var data: [UInt8]
    /// What the data chunk says about its length; nil tells the truth.
    var declared: Int?

    init(samples: [Int16]) {
        data = samples.flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
    }

    var bytes: [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let frame = channels * bits / 8
        let length = declared ?? data.count
        return Array("RIFF".utf8) + little(36 + length, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(coding, 2) + little(channels, 2) + little(rate, 4) + little(rate * frame, 4)
            + little(frame, 2) + little(bits, 2) + Array("data".utf8) + little(length, 4) + data
    }
}
