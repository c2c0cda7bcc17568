// SPDX-License-Identifier: Apache-2.0

/// A checksum of a tensor that doesn't depend on the order in which its bytes arrive.
///
/// Kernels finish rows in different orders, so each byte is mixed with its position and the
/// results are added mod 2^32. `mix` is a bijection of `position * 256 + value` for positions below
/// 2^24, so one wrong value always shows; several show unless they cancel, one chance in 2^32.
public struct PositionChecksum: Hashable, Sendable {
    /// The sum so far; of no element it is 0.
    public private(set) var value: UInt32 = 0

    public init() {}

    /// Adds bytes `firstPosition`, `firstPosition + 1`, ... of a tensor.
    public mutating func add(firstPosition: UInt32, values: UnsafeBufferPointer<UInt8>) {
        var position = firstPosition
        for element in values {
            value &+= PositionChecksum.mix(position: position, value: element)
            position &+= 1
        }
    }

    /// Spreads a position and the value there over 32 bits.
    ///
    /// A xor with a right shift and a product with an odd number can both be undone, hence the
    /// bijection; the factors are 2^32 over the golden ratio and 2^31.5, made odd.
    public static func mix(position: UInt32, value: UInt8) -> UInt32 {
        var h = (position << 8) | UInt32(value)
        h = (h ^ (h >> 16)) &* 0x9E37_79B1
        h = (h ^ (h >> 15)) &* 0xB504_F333
        return h ^ (h >> 16)
    }
}
