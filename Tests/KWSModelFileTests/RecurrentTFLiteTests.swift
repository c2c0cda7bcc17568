// SPDX-License-Identifier: Apache-2.0
// Goal: TFLite's UNIDIRECTIONAL_SEQUENCE_LSTM and the slice of its last step mean what TFLite means
// by them; forms that do not exist here are refused by name.
// Method: small files, results against the equations in double; refusals by one input or option.

import KWSGraph
import KWSModelFile
import Testing

struct RecurrentTFLiteTests {
    private static let lstm = {
        var random = Random(seed: 51)
        return random.lstm(Recurrence(inputs: 4, units: 3), peepholes: true, projected: 2)
    }()

    /// A file with one LSTM over seven steps.
    static func file(
        _ lstm: LSTM, timeMajor: Bool = false, absent: Set<Int> = [], extra: [Int] = [],
        options: [Int: FlatbufferWriter.Value] = [:]
    ) -> (file: TFLiteFile, output: Int) {
        var file = TFLiteFile()
        file.tensor("x", timeMajor ? [7, 1, 4] : [1, 7, 4])
        var inputs = [0] + Array(repeating: -1, count: 23)
        func add(_ first: Int, _ shape: [Int], _ numbers: [Float]) {
            let size = shape.reduce(1, *)
            for i in 0..<numbers.count / size where !absent.contains(first + i) {
                inputs[first + i] = file.constant(
                    "t\(first + i)", shape, Array(numbers[i * size..<(i + 1) * size]))
            }
        }
        let (units, outputs) = (lstm.recurrence.units, lstm.outputs)
        add(1, [units, 4], lstm.weights)
        add(5, [units, outputs], lstm.recurrentWeights)
        add(9, [units], lstm.peepholes ?? [])
        add(12, [units], lstm.bias)
        add(16, [outputs, units], lstm.projection ?? [])
        for input in extra { add(input, [units], Array(repeating: 1, count: units)) }
        inputs[18] = file.tensor("state", [1, outputs])
        inputs[19] = file.tensor("cells", [1, units])
        let y = file.tensor("y", timeMajor ? [7, 1, outputs] : [1, 7, outputs])
        file.node(
            44, inputs, y,
            options: [0: .int8(4), 3: .int8(timeMajor ? 1 : 0)].merging(options) { $1 })
        return (file, y)
    }

    private func expect(_ file: TFLiteFile, _ lstm: LSTM) throws {
        var random = Random(seed: 52)
        let x = random.numbers(28)
        var evaluator = FloatEvaluator(try Scratch().load(file.bytes, "m.tflite").graph)
        let expected = PlainRecurrent.lstm(lstm, x)
        #expect(PlainTensor([expected.count], doubles: expected).agrees(with: evaluator(x)))
    }

    @Test("Peep-holes, projection, batch in front or behind time, the last step")
    func forms() throws {
        var lstm = Self.lstm
        try expect(Self.file(lstm).file, lstm)
        lstm.projection = nil
        lstm.recurrentWeights += Array(lstm.recurrentWeights[..<12])
        lstm.peepholes = nil
        try expect(Self.file(lstm).file, lstm)

        var (last, y) = Self.file(lstm)
        let bounds = [[0, -1, 0], [0, 0, 0], [1, 1, 1]].map {
            last.constant("bounds", integers: $0)
        }
        let z = last.tensor("z", [1, 3])
        last.node(
            45, [y] + bounds, z, options: [0: .int32(5), 1: .int32(5), 4: .int32(2)])
        lstm.recurrence.returnsSequence = false
        try expect(last, lstm)
        let graph = try Scratch().load(last.bytes, "m.tflite").graph
        #expect(graph.nodes.map(\.operation.name).filter { $0 != "reshape" } == ["LSTM"])
    }

    @Test("Other forms are refused by name")
    func refusals() throws {
        func said(_ file: TFLiteFile) throws -> String {
            try Scratch().error(file.bytes, "m.tflite").map { "\($0)" } ?? ""
        }
        let lstm = Self.lstm
        #expect(try said(Self.file(lstm).file) == "")
        #expect(try said(Self.file(lstm, absent: [1]).file).contains("without input gate"))
        #expect(try said(Self.file(lstm, absent: [13]).file).contains("no input 13"))
        #expect(try said(Self.file(lstm, extra: [20]).file).contains("layer normalisation"))
        #expect(try said(Self.file(lstm, extra: [17]).file).contains("one with a bias"))
        #expect(
            try said(Self.file(lstm, options: [0: .int8(1)]).file).contains("fused activation 1"))
        #expect(
            try said(Self.file(lstm, options: [1: .float(9)]).file).contains("clips [9.0, 0.0]"))
        #expect(try said(Self.file(lstm, options: [5: .int8(1)]).file).contains("diagonal"))

        var (some, y) = Self.file(lstm)
        let bounds = [[0, 2, 0], [1, 5, 2], [1, 1, 1]].map {
            some.constant("bounds", integers: $0)
        }
        let z = some.tensor("z", [1, 3, 2])
        some.node(45, [y] + bounds, z)
        #expect(try said(some).contains("indices 2..<5 of 7"))
    }
}
