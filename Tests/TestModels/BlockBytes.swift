// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// The bytes of a model block, to be damaged on purpose (layout: kws_model.h).
package struct BlockBytes {
    package private(set) var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package func word(_ offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    package mutating func set(_ offset: Int, _ value: UInt32) {
        for i in 0..<4 { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(i))) }
    }

    /// The offset of a layer's `kws_layer`.
    package func layer(_ index: Int) -> Int { Int(word(44)) + 48 * index }

    /// The shift of a layer's requantisation.
    package func shift(ofLayer index: Int) -> Int { Int(bytes[layer(index) + 2]) }

    /// Raises output `channel` of a layer by exactly `steps`, as far as nothing saturates:
    /// `(acc * m / 2^16 + b + steps * 2^n) >> n`.
    package mutating func raise(layer index: Int, channel: Int, by steps: Int) {
        let bias = Int(word(layer(index) + 36)) + 4 * channel
        set(bias, word(bias) &+ UInt32(bitPattern: Int32(steps << shift(ofLayer: index))))
        seal()
    }

    /// Flips one bit and leaves the checksum as it was.
    package mutating func flip(bit: Int) {
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }

    /// Makes the checksum right again.
    package mutating func seal() {
        let sum = bytes[16...].withUnsafeBytes { CRC32.of($0) }
        set(12, sum)
    }
}
