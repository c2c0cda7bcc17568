// SPDX-License-Identifier: Apache-2.0

/// A flatbuffer table: fields by number, each looked up in the table's vtable with bounds checked.
struct FlatTable: Sendable {
    private let reader: ByteReader
    /// Where the table starts in the file.
    let offset: Int
    private let vtable: Int
    private let vtableBytes: Int
    private let tableBytes: Int
    /// The table's type, for error messages.
    let name: String

    /// The table that a root or a vector element points to.
    init(_ reader: ByteReader, at offset: Int, name: String) throws(ModelFileError) {
        self.reader = reader
        self.offset = offset
        self.name = name
        let back: Int32 = try reader.integer(at: offset, for: name)
        vtable = offset - Int(back)
        let bytes: UInt16 = try reader.integer(at: vtable, for: "\(name) vtable")
        let size: UInt16 = try reader.integer(at: vtable + 2, for: "\(name) vtable")
        guard bytes >= 4, bytes % 2 == 0, size >= 4 else {
            throw reader.error(
                at: vtable, "\(name) vtable", found: "\(bytes) bytes for a table of \(size)",
                allowed: "even sizes of 4 or more")
        }
        vtableBytes = Int(bytes)
        tableBytes = Int(size)
        try reader.check(vtableBytes, at: vtable, for: "\(name) vtable")
        try reader.check(tableBytes, at: offset, for: name)
    }

    /// Where a field lies in the file; nil if it has its default.
    private func position(_ field: Int, bytes: Int) throws(ModelFileError) -> Int? {
        let slot = 4 + 2 * field
        guard slot + 2 <= vtableBytes else { return nil }
        let relative: UInt16 = try reader.integer(at: vtable + slot, for: "\(name) vtable")
        if relative == 0 { return nil }
        guard relative >= 4, Int(relative) + bytes <= tableBytes else {
            throw reader.error(
                at: vtable + slot, "\(name) field \(field)", found: "offset \(relative)",
                allowed: "4 to \(tableBytes - bytes)")
        }
        return offset + Int(relative)
    }

    func integer<T: FixedWidthInteger>(
        _ field: Int, _ type: T.Type, default fallback: T = 0
    ) throws(ModelFileError) -> Int {
        guard let position = try position(field, bytes: T.bitWidth / 8) else {
            return Int(fallback)
        }
        return Int(truncatingIfNeeded: try reader.integer(type, at: position, for: name))
    }

    func bool(_ field: Int) throws(ModelFileError) -> Bool {
        try integer(field, UInt8.self) != 0
    }

    func float(_ field: Int, default fallback: Float) throws(ModelFileError) -> Float {
        guard let position = try position(field, bytes: 4) else { return fallback }
        return Float(bitPattern: try reader.integer(at: position, for: name))
    }

    /// Follows an offset field to what it points to.
    private func target(_ field: Int) throws(ModelFileError) -> Int? {
        guard let position = try position(field, bytes: 4) else { return nil }
        return position + Int(try reader.integer(UInt32.self, at: position, for: name))
    }

    func table(_ field: Int, name: String) throws(ModelFileError) -> FlatTable? {
        guard let target = try target(field) else { return nil }
        return try FlatTable(reader, at: target, name: name)
    }

    /// The elements of a vector of numbers as raw bytes.
    func bytes(_ field: Int, width: Int = 1) throws(ModelFileError) -> ByteReader? {
        guard let target = try target(field) else { return nil }
        let count = Int(try reader.integer(UInt32.self, at: target, for: name))
        var elements = reader
        try elements.seek(to: target + 4, for: name)
        guard count <= elements.remaining / width else {
            throw reader.error(
                at: target, "\(name) field \(field)", found: "a vector of \(count) elements",
                allowed: "at most \(elements.remaining / width)")
        }
        return try elements.slice(count * width, for: name)
    }

    func integers<T: FixedWidthInteger>(
        _ field: Int, _ type: T.Type, limit: Int = 4096
    ) throws(ModelFileError) -> [Int]? {
        guard var reader = try bytes(field, width: T.bitWidth / 8) else { return nil }
        let count = reader.remaining / (T.bitWidth / 8)
        guard count <= limit else {
            throw reader.error(
                at: reader.offset, "\(name) field \(field)", found: "\(count) numbers",
                allowed: "at most \(limit)")
        }
        var values: [Int] = []
        for _ in 0..<count {
            values.append(Int(truncatingIfNeeded: try reader.integer(type, for: name)))
        }
        return values
    }

    func floats(_ field: Int) throws(ModelFileError) -> [Double] {
        guard let reader = try bytes(field, width: 4) else { return [] }
        return NumberType.float32.doubles(reader.all)
    }

    func text(_ field: Int) throws(ModelFileError) -> String? {
        try bytes(field)?.text(for: "\(name) field \(field)")
    }

    func tables(
        _ field: Int, name: String, limit: Int
    ) throws(ModelFileError) -> [FlatTable] {
        guard var vector = try bytes(field, width: 4) else { return [] }
        let count = vector.remaining / 4
        guard count <= limit else {
            throw reader.error(
                at: vector.offset, "\(self.name) field \(field)", found: "\(count) x \(name)",
                allowed: "at most \(limit)")
        }
        var tables: [FlatTable] = []
        for index in 0..<count {
            let position = vector.offset
            let relative: UInt32 = try vector.integer(for: name)
            tables.append(
                try FlatTable(
                    reader, at: position + Int(relative), name: "\(name) \(index)"))
        }
        return tables
    }
}
