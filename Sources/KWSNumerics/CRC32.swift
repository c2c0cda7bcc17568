// SPDX-License-Identifier: Apache-2.0

/// The CRC-32 of IEEE 802.3 (reflected, 0xEDB88320), fed in pieces.
public struct CRC32: Sendable {
    var remainder: UInt32 = 0xFFFF_FFFF

    public init() {}

    /// Takes the bytes that follow those taken before.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var r = remainder
        for byte in bytes {
            r ^= UInt32(byte)
            r = (r >> 4) ^ CRC32.nibble(r & 15)
            r = (r >> 4) ^ CRC32.nibble(r & 15)
        }
        remainder = r
    }

    /// The checksum of all bytes so far; of none it is 0.
    public var value: UInt32 { ~remainder }

    /// Returns the checksum of `bytes`.
    public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var crc = CRC32()
        crc.add(bytes)
        return crc.value
    }

    /// What four steps of the shift register make of `i` in 0...15.
    static func nibble(_ i: UInt32) -> UInt32 {
        switch i {
        case 0: 0x00000000
        case 1: 0x1DB71064
        case 2: 0x3B6E20C8
        case 3: 0x26D930AC
        case 4: 0x76DC4190
        case 5: 0x6B6B51F4
        case 6: 0x4DB26158
        case 7: 0x5005713C
        case 8: 0xEDB88320
        case 9: 0xF00F9344
        case 10: 0xD6D6A3E8
        case 11: 0xCB61B38C
        case 12: 0x9B64C2B0
        case 13: 0x86D3D2D4
        case 14: 0xA00AE278
        default: 0xBDBDF21C
        }
    }
}
