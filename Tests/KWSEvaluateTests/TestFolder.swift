// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder that exists for the length of a closure.
func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("kws-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// Writes a file and the folders above it.
func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
}

/// Makes writing into a pipe that nobody reads any more an error instead of the process's end.
func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}
