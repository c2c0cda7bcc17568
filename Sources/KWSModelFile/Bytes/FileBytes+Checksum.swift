// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension FileBytes {
    /// CRC-32 of the whole file.
    var checksum: UInt32 { bytes.withUnsafeBytes { CRC32.of($0) } }

    /// CRC-32 of several files, one behind the other.
    static func checksum(of files: [FileBytes]) -> UInt32 {
        var crc = CRC32()
        for file in files { file.bytes.withUnsafeBytes { crc.add($0) } }
        return crc.value
    }
}
