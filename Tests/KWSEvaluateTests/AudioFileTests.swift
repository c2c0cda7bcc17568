// SPDX-License-Identifier: Apache-2.0
//
// Goal: audio comes in unchanged or not at all. Method: WAV files written byte by byte, one property
// wrong in each; the error must name the file, what was found and what is allowed.

import KWSEvaluate
import Testing

@Suite struct AudioFileTests {
    let samples = (0..<1000).map { Int16(truncatingIfNeeded: $0 &* 7919) }

    func refusal(_ bytes: [UInt8]) throws -> EvaluationError? {
        try withFolder { folder in
            let path = "\(folder)/clip.wav"
            try write(bytes, to: path)
            do throws(EvaluationError) {
                _ = try AudioFile.read(path)
                return nil
            } catch {
                #expect(error.place == path)
                return error
            }
        }
    }

    @Test func samplesComeBackUnchanged() throws {
        try withFolder { folder in
            try write(WAVBytes(samples: samples).bytes, to: "\(folder)/a.wav")
            #expect(try AudioFile.read("\(folder)/a.wav") == samples)
        }
    }

    @Test func anotherRateIsRefused() throws {
        var wav = WAVBytes(samples: samples)
        wav.rate = 44_100
        let error = try refusal(wav.bytes)
        #expect(error?.kind == .badData)
        #expect(error?.fact == "sample rate: found 44100 Hz, allowed 16000 Hz")
    }

    @Test func twoChannelsAreRefused() throws {
        var wav = WAVBytes(samples: samples)
        wav.channels = 2
        #expect(try refusal(wav.bytes)?.fact == "channels: found 2, allowed 1")
    }

    @Test(arguments: [
        (8, 1, "8-bit integer"), (24, 1, "24-bit integer"), (32, 1, "32-bit integer"),
        (32, 3, "32-bit float"),
    ])
    func anotherWidthIsRefused(bits: Int, coding: Int, name: String) throws {
        var wav = WAVBytes(samples: samples)
        wav.bits = bits
        wav.coding = coding
        wav.data = Array(repeating: 1, count: 2400)
        #expect(
            try refusal(wav.bytes)?.fact == "sample width: found \(name), allowed 16-bit integer")
    }

    @Test func noSamplesAreRefused() throws {
        #expect(
            try refusal(WAVBytes(samples: []).bytes)?.fact
                == "length: found no samples, allowed 1 or more")
    }

    @Test func truncatedFileIsRefused() throws {
        var wav = WAVBytes(samples: samples)
        wav.declared = 3000
        #expect(
            try refusal(wav.bytes)?.fact == "truncated: found 1000 samples, header says 1500")
    }

    @Test func lengthNotYetKnownIsAccepted() throws {
        var wav = WAVBytes(samples: samples)
        wav.declared = 0xFFFF_FFFF
        #expect(try refusal(wav.bytes) == nil)
    }

    @Test func noiseIsNotAudio() throws {
        for bytes in [[], Array("RIFF".utf8), Array(repeating: UInt8(0xA5), count: 5000)] {
            let fact = try refusal(bytes)?.fact
            #expect(fact?.hasPrefix("not a WAV, FLAC or Ogg file") == true)
        }
    }

    @Test func headerCutAnywhereNeverReadsWrongly() throws {
        let whole = WAVBytes(samples: samples).bytes
        for count in 0..<60 {
            #expect(try refusal(Array(whole.prefix(count))) != nil, "cut at byte \(count)")
        }
    }

    @Test func missingFileIsNamed() {
        #expect(throws: EvaluationError(.noSuchFile, "/no/such.wav", "no such file")) {
            _ = try AudioFile.read("/no/such.wav")
        }
    }
}
