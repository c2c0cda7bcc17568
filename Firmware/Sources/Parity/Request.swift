// SPDX-License-Identifier: Apache-2.0

import Semihosting

/// The head of a request file; `Firmware/README.md` has the format.
struct Request {
    static let magic: UInt32 = 0x5153_574B
    static let version: UInt32 = 2
    static let words = 8

    /// Whether all elements are wanted, not just checksums.
    let dumps: Bool
    /// Whether the clips are pieces of one stream.
    let isStream: Bool
    /// Bits of `Implementation`.
    let implementations: UInt32
    /// Whether clips are int8 features, not int16 PCM.
    let takesFeatures: Bool
    /// 0: sizes that `ChunkSizes` draws.
    let chunk: Int
    let clipCount: UInt32
    let blockBytes: Int

    /// Reads the head; nil if the file is none or a field is out of range.
    init?(from file: borrowing HostFile) {
        let head = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Request.words) {
            words -> Request? in
            guard file.fill(UnsafeMutableRawBufferPointer(words)) else { return nil }
            return Request(words)
        }
        guard let head else { return nil }
        self = head
    }

    private init?(_ words: UnsafeMutableBufferPointer<UInt32>) {
        guard words[0] == Request.magic, words[1] == Request.version, words[2] <= 3,
            (1...3).contains(words[3]), words[4] <= 1, words[5] <= 1 << 24,
            words[7] <= 1 << 28, words[4] == 0 || words[2] & 2 == 0
        else { return nil }
        dumps = words[2] & 1 != 0
        isStream = words[2] & 2 != 0
        implementations = words[3]
        takesFeatures = words[4] == 1
        chunk = Int(words[5])
        clipCount = words[6]
        blockBytes = Int(words[7])
    }

    /// Whether records of the implementation are wanted.
    func wants(_ implementation: Implementation) -> Bool {
        implementations & implementation.rawValue != 0
    }
}
