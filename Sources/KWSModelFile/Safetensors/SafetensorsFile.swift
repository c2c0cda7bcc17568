// SPDX-License-Identifier: Apache-2.0

/// A parsed safetensors file: `u64` header length, JSON header, tensor bytes without gaps.
package struct SafetensorsFile: Sendable {
    struct Entry: Sendable {
        var type: NumberType
        var shape: [Int]
        /// Bytes in the file.
        var range: Range<Int>
    }

    let file: String
    private let bytes: [UInt8]
    let entries: [String: Entry]
    /// The file's notes to its readers, `__metadata__`.
    package let metadata: [String: String]

    private static let types: [String: NumberType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
        "I32": .int32, "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16,
        "U8": .uint8, "BOOL": .bool,
    ]

    package init(path: String) throws(ModelFileError) {
        try self.init(FileBytes(path: path))
    }

    init(_ source: FileBytes) throws(ModelFileError) {
        var reader = ByteReader(source)
        let length = try reader.integer(UInt64.self, for: "header length")
        guard length <= UInt64(min(reader.remaining, ModelFileLimits.jsonBytes)) else {
            throw reader.error(
                at: 0, "header length", found: "\(length)",
                allowed: "at most \(min(reader.remaining, ModelFileLimits.jsonBytes))")
        }
        let header = try reader.slice(Int(length), for: "header")
        let root = JSONField(
            file: source.name, path: "",
            value: try JSONParser.parse(header.all, file: source.name))
        let data = reader.offset..<source.bytes.count

        var entries: [String: Entry] = [:]
        var metadata: [String: String] = [:]
        for (name, field) in try root.members() {
            if name == "__metadata__" {
                for (note, value) in try field.members() { metadata[note] = try value.text() }
            } else {
                entries[name] = try Self.entry(field, data: data)
            }
        }
        guard entries.count <= ModelFileLimits.tensors else {
            throw root.error(
                "at most \(ModelFileLimits.tensors) tensors", found: "\(entries.count) tensors")
        }
        try Self.checkCoverage(entries, data: data, root: root)
        file = source.name
        bytes = source.bytes
        self.entries = entries
        self.metadata = metadata
    }

    /// The finite numbers of a tensor of this shape, as floats.
    package func numbers(
        _ name: String, shape: [Int]
    ) throws(ModelFileError) -> [Float] {
        let tensor = try tensor(name)
        guard tensor.shape == shape else {
            throw ModelFileError(
                file: file, place: "tensor '\(name)'", found: "shape \(tensor.shape)",
                allowed: "\(shape)")
        }
        return tensor.numbers
    }

    private static func entry(
        _ field: JSONField, data: Range<Int>
    ) throws(ModelFileError) -> Entry {
        let members = try field.object(allowed: ["dtype", "shape", "data_offsets"])
        let dtype = try members.required("dtype", of: field)
        guard let type = types[try dtype.choice(types.keys.sorted())] else {
            throw dtype.error(types.keys.sorted().joined(separator: ", "))
        }
        var shape: [Int] = []
        let shapeField = try members.required("shape", of: field)
        for extent in try shapeField.array(0...ModelFileLimits.rank) {
            shape.append(try extent.integer(0...ModelFileLimits.elements))
        }
        guard let count = ModelFileLimits.product(shape) else {
            throw shapeField.error(
                "\(ModelFileLimits.elements) numbers at most", found: "shape \(shape)")
        }
        let offsets = try members.required("data_offsets", of: field)
        let ends = try offsets.array(2...2)
        let begin = try ends[0].integer(0...data.count)
        let end = try ends[1].integer(begin...data.count)
        guard end - begin == count * type.bytes else {
            throw offsets.error(
                "\(count * type.bytes) bytes for shape \(shape)", found: "\(end - begin) bytes")
        }
        return Entry(
            type: type, shape: shape, range: data.lowerBound + begin..<data.lowerBound + end)
    }

    /// Tensors must follow each other without overlap or gap up to the end of the file.
    private static func checkCoverage(
        _ entries: [String: Entry], data: Range<Int>, root: JSONField
    ) throws(ModelFileError) {
        var end = data.lowerBound
        let ordered = entries.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
        }
        for (name, entry) in ordered {
            guard entry.range.lowerBound == end else {
                throw ModelFileError(
                    file: root.file, place: "tensor '\(name)'",
                    found: "data at byte \(entry.range.lowerBound)",
                    allowed: "byte \(end), where the tensor before it ends")
            }
            end = entry.range.upperBound
        }
        guard end == data.upperBound else {
            throw ModelFileError(
                file: root.file, place: "byte \(end)",
                found: "\(data.upperBound - end) bytes that belong to no tensor", allowed: "none")
        }
    }

    /// The numbers of a tensor as floats.
    func tensor(_ name: String) throws(ModelFileError) -> WeightTensor {
        guard let entry = entries[name] else {
            throw ModelFileError(
                file: file, place: "tensor '\(name)'", found: "no such tensor",
                allowed: Self.list(entries.keys.sorted()))
        }
        return try WeightTensor(
            name: name, shape: entry.shape, numbers: entry.type.doubles(bytes[entry.range]),
            file: file)
    }

    /// The first names of a long list.
    private static func list(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ")
            + (names.count > 8 ? ", and \(names.count - 8) more" : "")
    }
}
