// SPDX-License-Identifier: Apache-2.0

/// Writes flatbuffers from the root down: children follow their parents, offsets are patched in.
struct FlatbufferWriter {
    indirect enum Value {
        case int8(Int)
        case int32(Int)
        case float(Float)
        case text(String)
        case bytes([UInt8])
        case int32s([Int])
        case int64s([Int])
        case floats([Float])
        case table([Int: Value])
        case tables([[Int: Value]])
    }

    private(set) var bytes: [UInt8] = []

    /// A file with a root table and a four-letter identifier.
    static func file(_ root: [Int: Value], identifier: String) -> [UInt8] {
        var writer = FlatbufferWriter()
        writer.bytes = Array(repeating: 0, count: 4) + Array(identifier.utf8)
        let table = writer.table(root)
        writer.patch(0, to: table)
        return writer.bytes
    }

    private mutating func align() {
        while bytes.count % 8 != 0 { bytes.append(0) }
    }

    private mutating func patch(_ position: Int, to target: Int) {
        let offset = ProtobufWriter.littleEndian(UInt32(target - position))
        bytes.replaceSubrange(position..<position + 4, with: offset)
    }

    /// Writes a table with 4 bytes for each field and returns where it starts.
    private mutating func table(_ fields: [Int: Value]) -> Int {
        align()
        let slots = (fields.keys.max() ?? -1) + 1
        let vtable = bytes.count
        let order = fields.sorted { $0.key < $1.key }
        var offsets = Array(repeating: UInt16(0), count: slots)
        for (index, field) in order.enumerated() { offsets[field.key] = UInt16(4 + 4 * index) }
        bytes += ProtobufWriter.littleEndian(UInt16(4 + 2 * slots))
        bytes += ProtobufWriter.littleEndian(UInt16(4 + 4 * order.count))
        for offset in offsets { bytes += ProtobufWriter.littleEndian(offset) }
        align()
        let start = bytes.count
        bytes += ProtobufWriter.littleEndian(Int32(start - vtable))
        bytes += Array(repeating: 0, count: 4 * order.count)
        for (index, field) in order.enumerated() { write(field.value, at: start + 4 + 4 * index) }
        return start
    }

    private mutating func write(_ value: Value, at position: Int) {
        func inline(_ number: some FixedWidthInteger, _ bytes: inout [UInt8]) {
            let raw = ProtobufWriter.littleEndian(number)
            bytes.replaceSubrange(position..<position + raw.count, with: raw)
        }
        switch value {
        case .int8(let number): inline(Int8(number), &bytes)
        case .int32(let number): inline(Int32(number), &bytes)
        case .float(let number): inline(number.bitPattern, &bytes)
        case .text(let text): vector(text.utf8.count, Array(text.utf8), at: position)
        case .bytes(let raw): vector(raw.count, raw, at: position)
        case .int32s(let all):
            vector(all.count, all.flatMap { ProtobufWriter.littleEndian(Int32($0)) }, at: position)
        case .int64s(let all):
            vector(all.count, all.flatMap { ProtobufWriter.littleEndian(Int64($0)) }, at: position)
        case .floats(let all):
            let raw = all.flatMap { ProtobufWriter.littleEndian($0.bitPattern) }
            vector(all.count, raw, at: position)
        case .table(let fields):
            let target = table(fields)
            patch(position, to: target)
        case .tables(let all):
            vector(all.count, Array(repeating: 0, count: 4 * all.count), at: position)
            let first = bytes.count - 4 * all.count
            for (index, fields) in all.enumerated() {
                let target = table(fields)
                patch(first + 4 * index, to: target)
            }
        }
    }

    private mutating func vector(_ count: Int, _ raw: [UInt8], at position: Int) {
        align()
        patch(position, to: bytes.count)
        bytes += ProtobufWriter.littleEndian(UInt32(count))
        bytes += raw
    }
}
