// SPDX-License-Identifier: Apache-2.0

/// The parts of a TFLite file that an import needs; field numbers as in schema.fbs.
struct TFLiteModel {
    struct Tensor {
        var name: String
        var shape: [Int]
        /// The `TensorType` of the schema.
        var type: Int
        /// Empty if the tensor is computed.
        var data: ByteReader?
        var scales: [Double] = []
        var zeroPoints: [Int] = []
        var quantizedAxis = 0
    }

    struct Operator {
        /// The schema's name, or that of a custom operator.
        var name: String
        var isCustom: Bool
        var inputs: [Int]
        var outputs: [Int]
        var options: FlatTable?
    }

    let file: String
    private(set) var tensors: [Tensor] = []
    private(set) var operators: [Operator] = []
    private(set) var inputs: [Int] = []
    private(set) var outputs: [Int] = []

    init(_ source: FileBytes) throws(ModelFileError) {
        file = source.name
        let reader = ByteReader(source)
        let root: UInt32 = try reader.integer(at: 0, for: "root offset")
        var magic = reader
        try magic.seek(to: 4, for: "identifier")
        guard try magic.slice(4, for: "identifier").all.elementsEqual("TFL3".utf8) else {
            throw reader.error(
                at: 4, "identifier", found: "another format", allowed: "the bytes TFL3")
        }
        let model = try FlatTable(reader, at: Int(root), name: "Model")
        let graphs = try model.tables(2, name: "SubGraph", limit: 64)
        guard let graph = graphs.first else {
            throw reader.error(at: model.offset, "Model", found: "no subgraph", allowed: "one")
        }
        let limit = ModelFileLimits.tensors
        let buffers = try model.tables(4, name: "Buffer", limit: limit)
        for table in try graph.tables(0, name: "Tensor", limit: limit) {
            tensors.append(try Self.tensor(table, buffers: buffers, reader: reader))
        }
        inputs = try graph.integers(1, Int32.self) ?? []
        outputs = try graph.integers(2, Int32.self) ?? []
        let codes = try Self.operatorNames(model)
        for table in try graph.tables(3, name: "Operator", limit: ModelFileLimits.nodes) {
            operators.append(try self.operator(table, codes: codes, reader: reader))
        }
        for index in inputs + outputs {
            try check(index, at: graph.offset, "SubGraph inputs and outputs", reader)
        }
    }

    private func check(
        _ tensor: Int, at offset: Int, _ place: String, _ reader: ByteReader
    ) throws(ModelFileError) {
        guard tensors.indices.contains(tensor) else {
            throw reader.error(
                at: offset, place, found: "tensor \(tensor)", allowed: "0 to \(tensors.count - 1)")
        }
    }

    private static func tensor(
        _ table: FlatTable, buffers: [FlatTable], reader: ByteReader
    ) throws(ModelFileError) -> Tensor {
        let number = try table.integer(2, UInt32.self)
        guard buffers.indices.contains(number) else {
            throw reader.error(
                at: table.offset, table.name, found: "buffer \(number)",
                allowed: "0 to \(buffers.count - 1)")
        }
        let data = try buffers[number].bytes(0)
        var tensor = Tensor(
            name: try table.text(3) ?? table.name,
            shape: try table.integers(0, Int32.self, limit: ModelFileLimits.rank) ?? [],
            type: try table.integer(1, Int8.self),
            data: data.flatMap { $0.remaining > 0 ? $0 : nil })
        guard try table.table(6, name: "SparsityParameters") == nil else {
            throw reader.error(
                at: table.offset, table.name, found: "a sparse tensor", allowed: "dense tensors")
        }
        if let parameters = try table.table(4, name: "QuantizationParameters") {
            tensor.scales = try parameters.floats(2)
            tensor.zeroPoints = try parameters.integers(3, Int64.self, limit: 65_536) ?? []
            tensor.quantizedAxis = try parameters.integer(6, Int32.self)
        }
        return tensor
    }

    private static func operatorNames(
        _ model: FlatTable
    ) throws(ModelFileError) -> [(name: String, isCustom: Bool)] {
        var names: [(name: String, isCustom: Bool)] = []
        for code in try model.tables(1, name: "OperatorCode", limit: 1024) {
            let number = max(try code.integer(0, Int8.self), try code.integer(3, Int32.self))
            if number == TFLiteOperators.custom {
                names.append((try code.text(1) ?? "custom operator", true))
            } else {
                names.append((TFLiteOperators.name(number), false))
            }
        }
        return names
    }

    private func `operator`(
        _ table: FlatTable, codes: [(name: String, isCustom: Bool)], reader: ByteReader
    ) throws(ModelFileError) -> Operator {
        let code = try table.integer(0, UInt32.self)
        guard codes.indices.contains(code) else {
            throw reader.error(
                at: table.offset, table.name, found: "operator code \(code)",
                allowed: "0 to \(codes.count - 1)")
        }
        let inputs = try table.integers(1, Int32.self, limit: 256) ?? []
        let outputs = try table.integers(2, Int32.self, limit: 256) ?? []
        // -1 stands for an optional input that is not given.
        for tensor in inputs + outputs where tensor != -1 {
            try check(tensor, at: table.offset, table.name, reader)
        }
        return Operator(
            name: codes[code].name, isCustom: codes[code].isCustom, inputs: inputs,
            outputs: outputs, options: try table.table(4, name: "\(table.name) options"))
    }
}
