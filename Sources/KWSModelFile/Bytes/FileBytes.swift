// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The bytes of a file on disk, bounded by `ModelFileLimits.fileBytes`.
struct FileBytes: Sendable {
    var name: String
    var bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Reads a file; never more than the limit, whatever the file claims to be.
    init(path: String) throws(ModelFileError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ModelFileError(.missing, file: path, place: "", found: "no such file")
        }
        let limit = ModelFileLimits.fileBytes
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw ModelFileError(
                .missing, file: path, place: "", found: "the file cannot be read",
                allowed: "a readable regular file")
        }
        guard data.count <= limit else {
            throw ModelFileError(
                .tooLarge, file: path, place: "", found: "more than \(limit) bytes",
                allowed: "at most \(limit) bytes")
        }
        name = path
        bytes = Array(data)
    }
}
