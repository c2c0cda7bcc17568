// SPDX-License-Identifier: Apache-2.0

/// A request to the Parity firmware, in the format of Firmware/README.md.
struct ParityRequest: Sendable {
    static let magic: UInt32 = 0x5153_574B
    static let version: UInt32 = 2

    var dumps: Bool
    /// Whether the clips are pieces of one stream.
    var isStream = false
    var implementations: [ParityResult.Implementation]
    var chunk: Int
    var block: [UInt8]
    var clips: [[Int16]]

    var mode: UInt32 { (dumps ? 1 : 0) | (isStream ? 2 : 0) }

    /// The implementations as the format numbers them.
    var mask: UInt32 { implementations.reduce(0) { $0 | $1.rawValue } }

    /// The file's bytes; PCM.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        func add(_ value: UInt32) {
            withUnsafeBytes(of: value.littleEndian) { result.append(contentsOf: $0) }
        }
        func fill() {
            while result.count % 4 != 0 { result.append(0) }
        }
        for field in [
            Self.magic, Self.version, mode, mask, 0, UInt32(chunk), UInt32(clips.count),
            UInt32(block.count),
        ] {
            add(field)
        }
        result += block
        fill()
        for clip in clips {
            add(UInt32(clip.count))
            for sample in clip {
                withUnsafeBytes(of: sample.littleEndian) { result.append(contentsOf: $0) }
            }
            fill()
        }
        return result
    }
}
