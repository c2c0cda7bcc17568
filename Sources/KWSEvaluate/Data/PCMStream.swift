// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Reads raw PCM (signed 16 bit, little-endian, mono, 16 kHz) from a file descriptor as it arrives.
package struct PCMStream {
    private let file: FileHandle
    private let name: String
    /// A byte whose partner has not arrived.
    private var odd: UInt8?
    private var isFirst = true

    /// The process's standard input.
    package init() {
        self.init(file: .standardInput, name: "standard input")
    }

    package init(file: FileHandle, name: String) {
        self.file = file
        self.name = name
    }

    /// Waits for samples and returns them; nil at the end.
    ///
    /// - Throws: if the stream begins like a WAV, FLAC or Ogg file or ends in half a sample.
    package mutating func next() throws(EvaluationError) -> [Int16]? {
        var bytes = [UInt8]()
        while bytes.isEmpty {
            let data = file.availableData
            if data.isEmpty {
                guard odd == nil else {
                    throw EvaluationError(
                        .badData, name, "ends in half a sample; allowed: 16-bit samples")
                }
                return nil
            }
            bytes = (odd.map { [$0] } ?? []) + data
            odd = bytes.count % 2 == 1 ? bytes.popLast() : nil
        }
        defer { isFirst = false }
        if isFirst {
            for magic in ["RIFF", "fLaC", "OggS"] where bytes.starts(with: Array(magic.utf8)) {
                throw EvaluationError(
                    .badData, name,
                    "found a \(magic) file; allowed: raw 16-bit little-endian mono PCM at 16 kHz")
            }
        }
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / 2).map {
                Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
            }
        }
    }
}
