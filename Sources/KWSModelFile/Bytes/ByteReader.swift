// SPDX-License-Identifier: Apache-2.0

/// A bounds-checked little-endian reader of a range of untrusted bytes.
///
/// Every access names the field it is for; a read outside the range throws with its byte offset.
struct ByteReader: Sendable {
    let file: String
    private let bytes: [UInt8]
    /// Offsets into the file, the reader's whole range.
    let range: Range<Int>
    /// The next byte's offset in the file.
    private(set) var offset: Int

    init(_ source: FileBytes) {
        self.init(file: source.name, bytes: source.bytes)
    }

    init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        range = 0..<bytes.count
        offset = 0
    }

    private init(_ parent: ByteReader, range: Range<Int>) {
        file = parent.file
        bytes = parent.bytes
        self.range = range
        offset = range.lowerBound
    }

    var isAtEnd: Bool { offset >= range.upperBound }
    var remaining: Int { range.upperBound - offset }

    func error(at offset: Int, _ field: String, found: String, allowed: String) -> ModelFileError {
        ModelFileError(
            file: file, place: "byte \(offset), \(field)", found: found, allowed: allowed)
    }

    /// Checks that `count` bytes lie at `offset` within the range.
    func check(_ count: Int, at offset: Int, for field: String) throws(ModelFileError) {
        guard count >= 0, offset >= range.lowerBound, offset <= range.upperBound,
            count <= range.upperBound - offset
        else {
            throw error(
                at: offset, field, found: "\(count) bytes at offset \(offset)",
                allowed: "offsets \(range.lowerBound) to \(range.upperBound)")
        }
    }

    /// Moves to an offset of the file, which must lie within the range.
    mutating func seek(to offset: Int, for field: String) throws(ModelFileError) {
        try check(0, at: offset, for: field)
        self.offset = offset
    }

    mutating func skip(_ count: Int, for field: String) throws(ModelFileError) {
        try check(count, at: offset, for: field)
        offset += count
    }

    /// The next `count` bytes as a reader of their own; this one moves behind them.
    mutating func slice(_ count: Int, for field: String) throws(ModelFileError) -> ByteReader {
        try check(count, at: offset, for: field)
        defer { offset += count }
        return ByteReader(self, range: offset..<offset + count)
    }

    mutating func byte(for field: String) throws(ModelFileError) -> UInt8 {
        try check(1, at: offset, for: field)
        defer { offset += 1 }
        return bytes[offset]
    }

    /// A little-endian integer.
    mutating func integer<T: FixedWidthInteger>(
        _ type: T.Type = T.self, for field: String
    ) throws(ModelFileError) -> T {
        let value: T = try integer(at: offset, for: field)
        offset += T.bitWidth / 8
        return value
    }

    /// A little-endian integer at an offset of the file, without moving.
    func integer<T: FixedWidthInteger>(
        _ type: T.Type = T.self, at offset: Int, for field: String
    ) throws(ModelFileError) -> T {
        try check(T.bitWidth / 8, at: offset, for: field)
        var value: UInt64 = 0
        for i in (0..<T.bitWidth / 8).reversed() {
            value = value << 8 | UInt64(bytes[offset + i])
        }
        return T(truncatingIfNeeded: value)
    }

    /// All bytes of the range, wherever the reader stands.
    var all: ArraySlice<UInt8> { bytes[range] }

    /// All bytes of the range as a name: valid UTF-8 of bounded length.
    func text(for field: String) throws(ModelFileError) -> String {
        guard range.count <= ModelFileLimits.nameBytes else {
            throw error(
                at: range.lowerBound, field, found: "a text of \(range.count) bytes",
                allowed: "at most \(ModelFileLimits.nameBytes)")
        }
        guard let text = String(validating: all, as: UTF8.self) else {
            throw error(
                at: range.lowerBound, field, found: "bytes that are not UTF-8", allowed: "UTF-8")
        }
        return text
    }
}
