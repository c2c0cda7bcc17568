// SPDX-License-Identifier: Apache-2.0
// Goal: no bytes whatsoever make an importer trap, hang or accept a lie; each fault gets an error
// that names its place.
// Method: small sound models of each format, cut at every length and with random bytes exchanged;
// then one model for each kind of lie.

import Foundation
import KWSGraph
import KWSModelFile
import Testing

struct BadModelTests {
    /// A sound ONNX model with a window, constants, shape arithmetic and a dense layer.
    static func onnx() -> ONNXFile {
        var file = ONNXFile(input: [1, 1, 5, 4])
        var random = Random(seed: 8)
        file.tensor("w", [2, 1, 3, 2], random.numbers(12))
        file.tensor("g", [24, 3], random.numbers(72))
        file.tensor("zero", [], type: 7, raw: Array(repeating: 0, count: 8))
        file.tensor("rest", integers: [-1])
        file.node("Conv", ["x", "w"], "a", ["pads": .integers([1, 0, 0, 1])])
        file.node("Clip", ["a"], "b")
        file.node("MaxPool", ["b"], "p", ["kernel_shape": .integers([1, 1])])
        file.node("Shape", ["p"], "s")
        file.node("Gather", ["s", "zero"], "n", ["axis": .integer(0)])
        file.tensor("axes", integers: [0])
        file.node("Unsqueeze", ["n", "axes"], "u")
        file.node("Concat", ["u", "rest"], "t", ["axis": .integer(0)])
        file.node("Reshape", ["p", "t"], "f")
        file.tensor("g2", [32, 3], random.numbers(96))
        file.node("Gemm", ["f", "g2"], "y")
        return file
    }

    static func tflite() -> [UInt8] {
        var random = Random(seed: 9)
        var file = TFLiteFile()
        file.tensor("x", [1, 5, 4, 1])
        let w = file.tensor(
            "w", [2, 3, 2, 1], type: 9, data: (0..<12).map { UInt8($0) }, scales: [0.5, 0.25],
            zeroPoints: [0, 0])
        let a = file.tensor("a", [1, 5, 4, 2])
        file.node(3, [0, w, -1], a, options: [0: .int8(0), 1: .int32(1), 2: .int32(1)])
        let axes = file.constant("axes", integers: [1, 2])
        let m = file.tensor("m", [1, 2])
        file.node(40, [a, axes], m)
        let g = file.constant("g", [3, 2], random.numbers(6))
        let y = file.tensor("y", [1, 3])
        file.node(9, [m, g, -1], y)
        return file.bytes
    }

    /// Two directions, their last rows, one state, and a projection behind an LSTM.
    static func recurrentONNX() -> ONNXFile {
        var file = ONNXFile(input: [1, 5, 2])
        var random = Random(seed: 10)
        file.tensor("w", [2, 9, 2], random.numbers(36))
        file.tensor("r", [2, 9, 3], random.numbers(54))
        file.tensor("w2", [1, 8, 6], random.numbers(48))
        file.tensor("r2", [1, 8, 1], random.numbers(8))
        file.tensor("p", [1, 2], random.numbers(2))
        file.tensor("shape", integers: [0, 0, -1])
        file.tensor("minusOne", integers: [-1])
        file.node("Transpose", ["x"], "t", ["perm": .integers([1, 0, 2])])
        file.node("GRU", ["t", "w", "r"], "s", ["direction": .text("bidirectional")])
        file.node("Transpose", ["s"], "u", ["perm": .integers([0, 2, 1, 3])])
        file.node("Reshape", ["u", "shape"], "v")
        file.node("MatMul", ["r2", "p"], "r3")
        file.node("LSTM", ["v", "w2", "r3"], "l", ["hidden_size": .integer(2)])
        file.node("Transpose", ["p"], "q")
        file.node("MatMul", ["l", "q"], "m")
        file.node("Gather", ["m", "minusOne"], "y")
        return file
    }

    static func recurrentTFLite() -> [UInt8] {
        var random = Random(seed: 11)
        let lstm = random.lstm(Recurrence(inputs: 4, units: 3), projected: 2)
        return RecurrentTFLiteTests.file(lstm).file.bytes
    }

    static let sound: [(name: String, bytes: [UInt8])] = [
        ("m.onnx", onnx().bytes), ("m.tflite", tflite()),
        ("m.safetensors", SafetensorsTests.sound), ("m.onnx", recurrentONNX().bytes),
        ("m.tflite", recurrentTFLite()),
    ]

    /// A folder for models of a format, with the description that safetensors files need.
    private func scratch(for name: String) throws -> Scratch {
        let scratch = try Scratch()
        if name.hasSuffix(".safetensors") {
            _ = try scratch.write(Array(SafetensorsTests.description.utf8), "m.kws.json")
        }
        return scratch
    }

    @Test("Cut at every length, a model is refused", arguments: sound.indices)
    func truncated(format: Int) throws {
        let (name, bytes) = Self.sound[format]
        let scratch = try scratch(for: name)
        #expect(try scratch.error(bytes, name) == nil)
        for count in 0..<bytes.count {
            let error = try scratch.error(Array(bytes[..<count]), name)
            #expect(error != nil, "\(name) cut to \(count) of \(bytes.count) bytes was accepted")
        }
    }

    @Test(
        "With bytes exchanged, a model is refused or sound, and never traps",
        arguments: sound.indices)
    func flipped(format: Int) throws {
        let (name, bytes) = Self.sound[format]
        let scratch = try scratch(for: name)
        let seed = UInt64.random(in: 0...UInt64.max)
        print("BadModelTests.flipped: \(name), seed \(seed)")
        var random = Random(seed: seed)
        for _ in 0..<1000 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
                let byte =
                    Bool.random(using: &random)
                    ? interesting.randomElement(using: &random) ?? 0
                    : UInt8.random(in: 0...255, using: &random)
                broken[Int.random(in: 0..<bytes.count, using: &random)] = byte
            }
            let path = try scratch.write(broken, name)
            guard let model = try? ModelFile.load(path: path) else { continue }
            // What is accepted must also run.
            try model.graph.verify()
            var evaluator = FloatEvaluator(model.graph)
            let input = Array(
                repeating: Float(0.5), count: model.graph.shape(of: model.graph.input).elements)
            #expect(evaluator(input).count == model.description.labels.count, "seed \(seed)")
        }
    }

    private func onnxError(_ change: (inout ONNXFile) -> Void) throws -> ModelFileError {
        var file = ONNXFile(input: [1, 4])
        file.tensor("w", [4, 3], Array(repeating: 1, count: 12))
        change(&file)
        return try #require(try Scratch().error(file.bytes, "m.onnx"))
    }

    @Test("An unknown operator: node, operator and the supported ones are named")
    func unknownOperator() throws {
        let error = try onnxError { $0.node("Einsum", ["x", "w"], "y") }
        #expect(error.kind == .unsupported)
        #expect(error.place == "node 'node-y' (Einsum)")
        #expect(error.found == "operator Einsum")
        #expect(error.allowed.contains("Conv, Div"))
        #expect(error.file.hasSuffix("m.onnx"))
    }

    @Test("A concatenation of nothing")
    func nothingToJoin() throws {
        let error = try onnxError { $0.node("Concat", [], "y") }
        #expect(error.place == "node 'node-y' (Concat)")
        #expect(error.found == "no inputs")
    }

    @Test("A cycle, a dangling input, a name written twice")
    func structure() throws {
        let cycle = try onnxError {
            $0.node("Add", ["x", "b"], "a")
            $0.node("Relu", ["a"], "b")
            $0.node("MatMul", ["b", "w"], "y")
        }
        #expect(cycle.place == "node 'node-a' (Add)")
        #expect(cycle.found == "input 'b'")
        #expect(cycle.allowed.contains("cycles"))

        let dangling = try onnxError { $0.node("MatMul", ["x", "v"], "y") }
        #expect(dangling.found == "input 'v'")

        let twice = try onnxError {
            $0.node("MatMul", ["x", "w"], "y")
            $0.node("MatMul", ["x", "w"], "y")
        }
        #expect(twice.found == "a second value 'y'")

        let tensors = try onnxError {
            $0.tensor("w", [1], [1])
            $0.node("MatMul", ["x", "w"], "y")
        }
        #expect(tensors.found == "a second tensor 'w'")

        let output = try onnxError { $0.node("MatMul", ["x", "w"], "z") }
        #expect(output.place == "graph.output 'y'")
    }

    @Test("NaN and infinite weights name tensor and index", arguments: [Float.nan, .infinity])
    func notFinite(_ number: Float) throws {
        let error = try onnxError {
            $0.tensor("v", [4, 2], [1, 1, 1, number, 1, 1, 1, 1])
            $0.node("MatMul", ["x", "v"], "y")
        }
        #expect(error.place == "tensor 'v', number 3")
        #expect(error.allowed == "finite floats")
    }

    @Test("Tensors that lie about their size, and sizes that overflow")
    func lies() throws {
        let short = try onnxError { $0.tensor("v", [4, 2], [1, 2, 3]) }
        #expect(short.found == "12 bytes")
        #expect(short.allowed == "32 for shape [4, 2]")
        for shape in [[1 << 40, 1 << 40], [-1, 4], [1 << 62, 2, 2]] {
            let huge = try onnxError { $0.tensor("v", shape, [1]) }
            #expect(huge.found == "shape \(shape)")
        }
        let opset = try onnxError {
            $0.opset = 12
            $0.node("MatMul", ["x", "w"], "y")
        }
        #expect(opset.found == "operator set 12")
    }

    @Test("One tensor used by thousands of nodes does not exhaust the memory")
    func amplification() throws {
        let error = try onnxError { file in
            file.input = [1, 1024]
            file.tensor("big", [1024, 1024], Array(repeating: 0.5, count: 1 << 20))
            var last = "x"
            for i in 0..<100 {
                file.node("MatMul", [last, "big"], "v\(i)")
                last = "v\(i)"
            }
        }
        #expect(error.kind == .tooLarge)

        let filled = try onnxError { file in
            file.tensor("size", integers: [1 << 12, 1 << 12])
            for i in 0..<100 { file.node("ConstantOfShape", ["size"], "c\(i)") }
        }
        #expect(filled.kind == .tooLarge)
    }

    @Test("A missing, an oversized and a misnamed file")
    func files() throws {
        let scratch = try Scratch()
        #expect(throws: ModelFileError.self) {
            try ModelFile.load(path: "\(scratch.path)/none.onnx")
        }
        do {
            _ = try ModelFile.load(path: "\(scratch.path)/none.onnx")
        } catch let error as ModelFileError {
            #expect(error.kind == .missing)
        }
        let path = try scratch.write([], "big.tflite")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: 65 << 20)
        try handle.close()
        do {
            _ = try ModelFile.load(path: path)
            Issue.record("65 MiB were accepted")
        } catch let error as ModelFileError {
            #expect(error.kind == .tooLarge)
            #expect(error.allowed == "at most 67108864 bytes")
        }
        let error = try #require(try scratch.error([1, 2, 3], "model.h5"))
        #expect(error.allowed == ".onnx, .tflite, .safetensors, .json")
    }

    @Test("TFLite: a tensor of another size, an input that nobody writes, a lying shape")
    func tfliteLies() throws {
        func error(_ build: (inout TFLiteFile) -> Void) throws -> ModelFileError {
            var file = TFLiteFile()
            file.tensor("x", [1, 4])
            build(&file)
            return try #require(try Scratch().error(file.bytes, "m.tflite"))
        }
        let short = try error {
            let w = $0.constant("w", [3, 4], [1, 2])
            let y = $0.tensor("y", [1, 3])
            $0.node(9, [0, w], y)
        }
        #expect(short.found == "8 bytes")
        let dangling = try error {
            let z = $0.tensor("z", [1, 4])
            let y = $0.tensor("y", [1, 4])
            $0.node(0, [0, z], y)
        }
        #expect(dangling.found == "input 'z'")
        let shape = try error {
            let y = $0.tensor("y", [1, 5])
            $0.node(19, [0], y)
        }
        #expect(shape.found == "an output of shape [5]")
        let index = try error {
            let y = $0.tensor("y", [1, 4])
            $0.node(19, [77], y)
        }
        #expect(index.found == "tensor 77")
    }
}
