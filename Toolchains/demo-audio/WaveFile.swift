// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Mono audio as numbers from -1 to 1, read from and written to 16-bit WAV files.
struct WaveFile {
    var samples: [Double]
    var sampleRate: Int

    init(samples: [Double], sampleRate: Int) {
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Reads what `espeak-ng -w` writes: a header of 44 bytes, then the samples; nil if it is not.
    init?(path: String) {
        guard let bytes = FileManager.default.contents(atPath: path).map([UInt8].init),
            bytes.count >= 44, bytes[0..<4].elementsEqual("RIFF".utf8),
            bytes[36..<40].elementsEqual("data".utf8), bytes[22] == 1, bytes[34] == 16
        else { return nil }
        sampleRate = Int(bytes[24]) | Int(bytes[25]) << 8 | Int(bytes[26]) << 16
        samples = stride(from: 44, to: bytes.count - 1, by: 2).map { at in
            Double(Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)) / 32768
        }
    }

    func write(to path: String) throws {
        var bytes = Data()
        func add(_ number: Int, bytes count: Int) {
            for shift in 0..<count { bytes.append(UInt8((number >> (8 * shift)) & 255)) }
        }
        bytes.append(contentsOf: "RIFF".utf8)
        add(36 + 2 * samples.count, bytes: 4)
        bytes.append(contentsOf: "WAVEfmt ".utf8)
        for (number, count) in [
            (16, 4), (1, 2), (1, 2), (sampleRate, 4), (2 * sampleRate, 4), (2, 2), (16, 2),
        ] {
            add(number, bytes: count)
        }
        bytes.append(contentsOf: "data".utf8)
        add(2 * samples.count, bytes: 4)
        for sample in samples {
            add(Int((sample * 32768).rounded().clamped(to: -32768...32767)), bytes: 2)
        }
        try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

extension Double {
    func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(range.upperBound, Swift.max(range.lowerBound, self))
    }
}
