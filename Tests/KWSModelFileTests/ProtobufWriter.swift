// SPDX-License-Identifier: Apache-2.0

/// Writes protobuf messages field by field, so that tests can write wrong ones too.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    static func message(_ build: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        build(&writer)
        return writer.bytes
    }

    mutating func raw(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func integer(_ field: Int, _ value: Int) {
        raw(UInt64(field) << 3)
        raw(UInt64(bitPattern: Int64(value)))
    }

    mutating func float(_ field: Int, _ value: Float) {
        raw(UInt64(field) << 3 | 5)
        bytes += Self.littleEndian(value.bitPattern)
    }

    mutating func data(_ field: Int, _ payload: [UInt8]) {
        raw(UInt64(field) << 3 | 2)
        raw(UInt64(payload.count))
        bytes += payload
    }

    mutating func text(_ field: Int, _ text: String) { data(field, Array(text.utf8)) }

    mutating func message(_ field: Int, _ build: (inout ProtobufWriter) -> Void) {
        data(field, Self.message(build))
    }

    static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
