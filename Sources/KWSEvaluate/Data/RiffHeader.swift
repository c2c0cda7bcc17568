// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Finds out whether a WAV file is as long as its header says; libsndfile reads on silently.
enum RiffHeader {
    /// - Throws: if the file is RIFF/WAVE and its data chunk ends behind the file. The lengths that
    ///   recorders write while they do not know the end (0 and above 2^31 - 1) pass.
    static func checkLength(_ path: String) throws(EvaluationError) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd(), let head = read(file, at: 0, count: 12),
            head.starts(with: Array("RIFF".utf8)), head[8..<12].elementsEqual("WAVE".utf8)
        else { return }

        var offset: UInt64 = 12
        while offset + 8 <= size, let chunk = read(file, at: offset, count: 8) {
            let declared = chunk[4..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let start = offset + 8
            if chunk.starts(with: Array("data".utf8)) {
                guard declared < 0x7FFF_FFFF, start + declared > size else { return }
                throw EvaluationError(
                    .badData, path,
                    "truncated: found \((size - start) / 2) samples, "
                        + "header says \(declared / 2)")
            }
            offset = start + declared + declared % 2
        }
    }

    private static func read(_ file: FileHandle, at offset: UInt64, count: Int) -> [UInt8]? {
        guard (try? file.seek(toOffset: offset)) != nil,
            let data = try? file.read(upToCount: count),
            data.count == count
        else { return nil }
        return Array(data)
    }
}
