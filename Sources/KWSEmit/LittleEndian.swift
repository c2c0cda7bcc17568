// SPDX-License-Identifier: Apache-2.0

extension Array where Element == UInt8 {
    /// Appends integers in the block's byte order.
    mutating func append<T: FixedWidthInteger>(little value: T) {
        for byte in 0..<(T.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> T(byte * 8)))
        }
    }

    init<T: FixedWidthInteger>(little values: [T]) {
        self = []
        reserveCapacity(values.count * T.bitWidth / 8)
        for value in values {
            append(little: value)
        }
    }

    /// NUL-terminated UTF-8; a NUL inside ends it.
    init(cString text: String) {
        self = text.utf8.prefix { $0 != 0 } + [0]
    }
}
