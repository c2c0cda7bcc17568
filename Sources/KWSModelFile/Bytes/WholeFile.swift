// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Files that are there whole or not at all, even if the power goes: what is under the path before
/// stays until all bytes of the new one are on the disk.
enum WholeFile {
    static func write(_ bytes: [UInt8], to path: String) throws(ModelFileError) {
        let beside = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw error(path) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(
                    file, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw discard(beside, file, path) }
            written += count
        }
        guard fsync(file) == 0 else { throw discard(beside, file, path) }
        close(file)
        guard rename(beside, path) == 0 else {
            let reason = error(path)
            unlink(beside)
            throw reason
        }
        // The renaming itself; a file system that cannot sync a folder has done its best.
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY)
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }

    private static func discard(_ beside: String, _ file: Int32, _ path: String) -> ModelFileError {
        let reason = error(path)
        close(file)
        unlink(beside)
        return reason
    }

    /// What `errno` says.
    private static func error(_ path: String) -> ModelFileError {
        ModelFileError(
            .unwritable, file: path, place: "",
            found: "cannot be written: \(String(cString: strerror(errno)))")
    }
}
