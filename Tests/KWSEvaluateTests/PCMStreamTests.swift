// SPDX-License-Identifier: Apache-2.0
//
// Goal: raw PCM arrives sample by sample however a pipe cuts it. Method: a real pipe, written in
// pieces of odd length.

import Foundation
import KWSEvaluate
import Testing

@Suite struct PCMStreamTests {
    func read(_ pieces: [[UInt8]]) throws -> [Int16] {
        ignoreBrokenPipes()
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        let done = DispatchGroup()
        done.enter()
        DispatchQueue.global().async {
            for piece in pieces {
                try? writer.write(contentsOf: Data(piece))
                usleep(2000)
            }
            try? writer.close()
            done.leave()
        }
        defer { done.wait() }
        var stream = PCMStream(file: pipe.fileHandleForReading, name: "pipe")
        var samples = [Int16]()
        while let part = try stream.next() { samples += part }
        return samples
    }

    @Test func oddPiecesMakeWholeSamples() throws {
        let bytes: [UInt8] = [0x01, 0x80, 0xFF, 0x7F, 0xFE, 0xFF]
        for size in 1...6 {
            let pieces = stride(from: 0, to: 6, by: size).map {
                Array(bytes[$0..<min(6, $0 + size)])
            }
            #expect(try read(pieces) == [-32767, 32767, -2], "pieces of \(size)")
        }
    }

    @Test func halfASampleAtTheEndIsRefused() {
        #expect(throws: EvaluationError.self) { _ = try read([[1, 2, 3]]) }
    }

    @Test(arguments: ["RIFF", "fLaC", "OggS"]) func filesAreNotRawPCM(magic: String) {
        #expect(throws: EvaluationError.self) { _ = try read([Array(magic.utf8) + [0, 0]]) }
    }
}
