// SPDX-License-Identifier: Apache-2.0

/// A `TensorProto` on its way to numbers: shape, type, and one of several places for its data.
struct ONNXTensorRecord {
    let file: String
    /// Where the message starts in the file.
    let offset: Int
    var name = ""
    var isExternal = false
    /// `location`, `offset` and `length` of data in another file.
    var external: [String: String] = [:]
    private var dims: [Int] = []
    private var type = 0
    private var raw: [UInt8]?
    private var floats: [UInt8] = []
    private var doubles: [UInt8] = []
    private var integers: [Int] = []

    /// The `data_type` numbers of onnx.proto.
    private static let types: [Int: NumberType] = [
        1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
        10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16,
    ]

    init(_ message: ByteReader) throws(ModelFileError) {
        var message = message
        file = message.file
        offset = message.offset
        while let field = try message.field(of: "TensorProto") {
            switch field.number {
            case 1: dims += try field.integers(for: "tensor.dims")
            case 2: type = try field.integer(for: "tensor.data_type")
            case 4: floats += try field.fixed(for: "tensor.float_data")
            case 5: integers += try field.integers(for: "tensor.int32_data")
            case 7: integers += try field.integers(for: "tensor.int64_data")
            case 8: name = try field.text(for: "tensor.name")
            case 9: raw = Array(try field.reader(for: "tensor.raw_data").all)
            case 10: doubles += try field.fixed(for: "tensor.double_data")
            case 11: integers += try field.integers(for: "tensor.uint64_data")
            case 13:
                var entry = try field.reader(for: "tensor.external_data")
                var key = ""
                var value = ""
                while let field = try entry.field(of: "StringStringEntryProto") {
                    if field.number == 1 { key = try field.text(for: "external_data.key") }
                    if field.number == 2 { value = try field.text(for: "external_data.value") }
                }
                external[key] = value
            case 14: isExternal = try field.integer(for: "tensor.data_location") == 1
            default: break
            }
        }
    }

    private func error(_ found: String, _ allowed: String) -> ModelFileError {
        ModelFileError(
            file: file, place: "byte \(offset), tensor '\(name)'", found: found, allowed: allowed)
    }

    /// The file beside the model with the weights of large exports.
    static func externalFile(
        _ location: String, model: String, tensor: String
    ) throws(ModelFileError) -> FileBytes {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !parts.contains(".."), !parts.contains("") else {
            throw ModelFileError(
                file: model, place: "tensor '\(tensor)'",
                found: "external data at '\(location)'",
                allowed: "a path within the model's folder")
        }
        return try FileBytes(path: ModelFile.resolve(location, besides: model))
    }

    /// The tensor's numbers; their count must be what the shape says.
    func constant(external: FileBytes?) throws(ModelFileError) -> ONNXConstant {
        guard let type = Self.types[type] else {
            throw error(
                "data type \(type)",
                "float, double, float16, bfloat16, bool and integers of 8 to 64 bits")
        }
        guard let count = ModelFileLimits.product(dims) else {
            throw error("shape \(dims)", "\(ModelFileLimits.elements) numbers at most")
        }
        let numbers = try numbers(type, count: count, external: external)
        guard numbers.count == count else {
            throw error("\(numbers.count) numbers", "\(count) for shape \(dims)")
        }
        return ONNXConstant(name: name, shape: dims, numbers: numbers)
    }

    private func numbers(
        _ type: NumberType, count: Int, external: FileBytes?
    ) throws(ModelFileError) -> [Double] {
        if isExternal {
            guard let external else { throw error("external data without a location", "one") }
            return type.doubles(try externalBytes(count * type.bytes, in: external)[...])
        }
        if let raw {
            guard raw.count == count * type.bytes else {
                throw error("\(raw.count) bytes", "\(count * type.bytes) for shape \(dims)")
            }
            return type.doubles(raw[...])
        }
        switch type {
        case .float32: return type.doubles(floats[...])
        case .float64: return type.doubles(doubles[...])
        case .float16, .bfloat16:
            let bytes = integers.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
            return type.doubles(bytes[...])
        case .uint64: return integers.map { Double(UInt64(bitPattern: Int64($0))) }
        default: return integers.map(Double.init)
        }
    }

    private func externalBytes(
        _ count: Int, in file: FileBytes
    ) throws(ModelFileError) -> [UInt8] {
        let start = external["offset"].map { Int($0) ?? -1 } ?? 0
        let length = external["length"].map { Int($0) ?? -1 } ?? count
        guard length == count, start >= 0, start <= file.bytes.count,
            count <= file.bytes.count - start
        else {
            throw error(
                "external data of \(length) bytes at offset \(start)",
                "\(count) bytes within the \(file.bytes.count) of \(file.name)")
        }
        return Array(file.bytes[start..<start + count])
    }
}
