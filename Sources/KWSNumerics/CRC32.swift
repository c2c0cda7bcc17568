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
        case 0: 0x0000_0000
        case 1: 0x1DB7_1064
        case 2: 0x3B6E_20C8
        case 3: 0x26D9_30AC
        case 4: 0x76DC_4190
        case 5: 0x6B6B_51F4
        case 6: 0x4DB2_6158
        case 7: 0x5005_713C
        case 8: 0xEDB8_8320
        case 9: 0xF00F_9344
        case 10: 0xD6D6_A3E8
        case 11: 0xCB61_B38C
        case 12: 0x9B64_C2B0
        case 13: 0x86D3_D2D4
        case 14: 0xA00A_E278
        default: 0xBDBD_F21C
        }
    }
}
