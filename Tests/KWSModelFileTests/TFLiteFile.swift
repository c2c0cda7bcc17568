// SPDX-License-Identifier: Apache-2.0

/// A small TFLite model under construction; field numbers as in schema.fbs.
struct TFLiteFile {
    private var tensors: [[Int: FlatbufferWriter.Value]] = []
    private var buffers: [[Int: FlatbufferWriter.Value]] = [[:]]
    private var codes: [[Int: FlatbufferWriter.Value]] = []
    private var operators: [[Int: FlatbufferWriter.Value]] = []
    var inputs = [0]
    var outputs: [Int] = []

    /// Adds a tensor and returns its number.
    ///
    /// - Parameter type: 0 float, 2 int32, 3 uint8, 9 int8.
    @discardableResult
    mutating func tensor(
        _ name: String, _ shape: [Int], type: Int = 0, data: [UInt8]? = nil,
        scales: [Float] = [], zeroPoints: [Int] = [], axis: Int = 0
    ) -> Int {
        var fields: [Int: FlatbufferWriter.Value] = [
            0: .int32s(shape), 1: .int8(type), 3: .text(name),
        ]
        if let data {
            fields[2] = .int32(buffers.count)
            buffers.append([0: .bytes(data)])
        }
        if !scales.isEmpty {
            fields[4] = .table([2: .floats(scales), 3: .int64s(zeroPoints), 6: .int32(axis)])
        }
        tensors.append(fields)
        return tensors.count - 1
    }

    mutating func constant(_ name: String, _ shape: [Int], _ numbers: [Float]) -> Int {
        tensor(
            name, shape, data: numbers.flatMap { ProtobufWriter.littleEndian($0.bitPattern) })
    }

    mutating func constant(_ name: String, integers: [Int]) -> Int {
        tensor(
            name, [integers.count], type: 2,
            data: integers.flatMap { ProtobufWriter.littleEndian(Int32($0)) })
    }

    /// - Parameter code: the builtin operator's number, or 32 with a custom name.
    mutating func node(
        _ code: Int, _ inputs: [Int], _ output: Int,
        options: [Int: FlatbufferWriter.Value]? = nil, custom: String? = nil
    ) {
        var operatorCode: [Int: FlatbufferWriter.Value] = [0: .int8(code), 3: .int32(code)]
        if let custom { operatorCode[1] = .text(custom) }
        codes.append(operatorCode)
        var fields: [Int: FlatbufferWriter.Value] = [
            0: .int32(codes.count - 1), 1: .int32s(inputs), 2: .int32s([output]),
        ]
        if let options { fields[4] = .table(options) }
        operators.append(fields)
        outputs = [output]
    }

    var bytes: [UInt8] {
        FlatbufferWriter.file(
            [
                0: .int32(3), 1: .tables(codes),
                2: .tables([
                    [
                        0: .tables(tensors), 1: .int32s(inputs), 2: .int32s(outputs),
                        3: .tables(operators),
                    ]
                ]),
                4: .tables(buffers),
            ], identifier: "TFL3")
    }
}
