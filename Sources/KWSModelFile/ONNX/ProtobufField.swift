// SPDX-License-Identifier: Apache-2.0

/// One field of a protobuf message as it stands on the wire.
struct ProtobufField: Sendable {
    enum Payload: Sendable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ByteReader)
    }

    var number: Int
    var payload: Payload
    /// Where the field starts in the file.
    var offset: Int
    var file: String

    private func mismatch(_ name: String, _ allowed: String) -> ModelFileError {
        let found =
            switch payload {
            case .varint: "a varint"
            case .fixed64: "8 bytes"
            case .fixed32: "4 bytes"
            case .bytes(let reader): "\(reader.remaining) length-delimited bytes"
            }
        return ModelFileError(
            file: file, place: "byte \(offset), \(name)", found: found, allowed: allowed)
    }

    /// An embedded message, a string or packed numbers.
    func reader(for name: String) throws(ModelFileError) -> ByteReader {
        guard case .bytes(let reader) = payload else {
            throw mismatch(name, "length-delimited bytes")
        }
        return reader
    }

    func text(for name: String) throws(ModelFileError) -> String {
        try reader(for: name).text(for: name)
    }

    func integer(for name: String) throws(ModelFileError) -> Int {
        guard case .varint(let value) = payload else { throw mismatch(name, "a varint") }
        return Int(truncatingIfNeeded: value)
    }

    func float(for name: String) throws(ModelFileError) -> Float {
        guard case .fixed32(let bits) = payload else { throw mismatch(name, "4 bytes") }
        return Float(bitPattern: bits)
    }

    /// A repeated integer: one number, or a packed run of them.
    func integers(for name: String) throws(ModelFileError) -> [Int] {
        guard case .bytes(var reader) = payload else { return [try integer(for: name)] }
        var values: [Int] = []
        while !reader.isAtEnd {
            values.append(Int(truncatingIfNeeded: try reader.varint(for: name)))
        }
        return values
    }

    /// The raw little-endian bytes of a repeated fixed-width number, packed or single.
    func fixed(for name: String) throws(ModelFileError) -> [UInt8] {
        switch payload {
        case .bytes(let reader): Array(reader.all)
        case .fixed32(let bits): (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        case .fixed64(let bits): (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        case .varint: throw mismatch(name, "fixed-width numbers")
        }
    }
}

extension ByteReader {
    /// A base-128 number of at most ten bytes.
    mutating func varint(for field: String) throws(ModelFileError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try byte(for: field)
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw error(at: start, field, found: "a varint of more than 10 bytes", allowed: "10")
    }

    /// The next field of a message, or nil at its end.
    mutating func field(of message: String) throws(ModelFileError) -> ProtobufField? {
        guard !isAtEnd else { return nil }
        let start = offset
        let tag = try varint(for: message)
        guard let number = Int(exactly: tag >> 3), number > 0, number < 1 << 29 else {
            throw error(
                at: start, message, found: "field number \(tag >> 3)", allowed: "1 to 2^29 - 1")
        }
        let payload: ProtobufField.Payload
        switch tag & 7 {
        case 0: payload = .varint(try varint(for: message))
        case 1: payload = .fixed64(try integer(for: message))
        case 5: payload = .fixed32(try integer(for: message))
        case 2:
            let length = try varint(for: message)
            guard length <= UInt64(remaining) else {
                throw error(
                    at: start, message, found: "a field of \(length) bytes",
                    allowed: "at most the \(remaining) bytes that are left")
            }
            payload = .bytes(try slice(Int(length), for: message))
        default:
            throw error(
                at: start, message, found: "wire type \(tag & 7)", allowed: "0, 1, 2 or 5")
        }
        return ProtobufField(number: number, payload: payload, offset: start, file: file)
    }
}
