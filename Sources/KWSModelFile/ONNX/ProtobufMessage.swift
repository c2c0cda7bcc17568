// SPDX-License-Identifier: Apache-2.0

/// A protobuf message under construction; fields stand in the order in which they are added.
struct ProtobufMessage: Sendable {
    private(set) var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private mutating func tag(_ field: Int, wireType: UInt64) {
        varint(UInt64(field) << 3 | wireType)
    }

    mutating func add(_ field: Int, _ integer: Int) {
        tag(field, wireType: 0)
        varint(UInt64(bitPattern: Int64(integer)))
    }

    mutating func add(_ field: Int, _ number: Float) {
        tag(field, wireType: 5)
        bytes += Self.littleEndian([number.bitPattern])
    }

    mutating func add(_ field: Int, _ payload: [UInt8]) {
        tag(field, wireType: 2)
        varint(UInt64(payload.count))
        bytes += payload
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    /// An embedded message.
    mutating func add(_ field: Int, _ build: (inout ProtobufMessage) -> Void) {
        var message = ProtobufMessage()
        build(&message)
        add(field, message)
    }

    static func littleEndian(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
        numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }
}
