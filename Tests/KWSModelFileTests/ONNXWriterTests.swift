// SPDX-License-Identifier: Apache-2.0
// Goal: a graph that is written as ONNX and read back computes what it computed before.
// Method: each operator alone and behind a pool of one pixel, which leaves its input channels
// first in the file; numbers are multiples of 1/128, whose sums are exact in any order, so the
// results must be equal. Names, bytes and errors by example.

import KWSGraph
import KWSModelFile
import Testing

struct ONNXWriterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var shape: Shape
        var operation: FloatOperator
        var inputs = 1
    }

    private static func normalisation(_ channels: Int, _ random: inout Random) -> FloatOperator {
        .batchNorm(
            BatchNorm(
                gamma: random.numbers(channels), beta: random.numbers(channels),
                mean: random.numbers(channels), variance: random.numbers(channels).map { $0 * $0 },
                epsilon: 1e-3))
    }

    private static let windows: [Case] = {
        var random = Random(seed: 31)
        let wide = Window(
            kernel: (3, 2), stride: (2, 1), padding: (top: 2, bottom: 0, left: 1, right: 0))
        var cases: [Case] = []
        for shape in [[7, 5, 3], [7, 5, 1], [1, 6, 4], [6, 1, 4]] as [Shape] {
            let channels = shape.image.channels
            for outputs in [1, 5] {
                cases.append(
                    Case(
                        testDescription: "convolution \(shape) to \(outputs)", shape: shape,
                        operation: .convolution(
                            wide, weights: random.numbers(outputs * wide.taps * channels),
                            bias: random.numbers(outputs))))
            }
            for multiplier in [1, 3] {
                let outputs = channels * multiplier
                cases.append(
                    Case(
                        testDescription: "depthwise \(shape) times \(multiplier)", shape: shape,
                        operation: .depthwise(
                            wide, weights: random.numbers(outputs * wide.taps),
                            bias: random.numbers(outputs))))
            }
            let whole = Window(kernel: (shape.image.height, shape.image.width))
            for (name, window) in [("part", wide), ("whole", whole)] {
                cases.append(
                    Case(
                        testDescription: "max pool \(shape) \(name)", shape: shape,
                        operation: .maxPool(window)))
                cases.append(
                    Case(
                        testDescription: "average pool \(shape) \(name)", shape: shape,
                        operation: .averagePool(window)))
            }
        }
        return cases
    }()

    private static let others: [Case] = {
        var random = Random(seed: 32)
        var cases: [Case] = []
        for shape in [[6], [4, 3], [5, 4, 3], [1, 1, 6], [5, 4, 1]] as [Shape] {
            let channels = shape.image.channels
            func add(_ name: String, _ operation: FloatOperator, inputs: Int = 1) {
                cases.append(
                    Case(
                        testDescription: "\(name) \(shape)", shape: shape, operation: operation,
                        inputs: inputs))
            }
            add(
                "dense",
                .dense(weights: random.numbers(5 * shape.elements), bias: random.numbers(5)))
            add("batch norm", normalisation(channels, &random))
            let (scale, offset) = (random.numbers(channels), random.numbers(channels))
            let (ones, zeros) = (scale.map { _ in Float(1) }, scale.map { _ in Float(0) })
            add("affine", .affine(scale: scale, offset: offset))
            add("scale", .affine(scale: scale, offset: zeros))
            add("offset", .affine(scale: ones, offset: offset))
            add("identity", .affine(scale: ones, offset: zeros))
            add("ReLU", .clip(lower: 0, upper: .infinity))
            add("clip above", .clip(lower: -.infinity, upper: 0.5))
            add("clip below", .clip(lower: -0.5, upper: .infinity))
            add("clip", .clip(lower: -0.25, upper: 0.5))
            add("add", .add, inputs: 2)
            for axis in 0..<shape.rank {
                add("concatenate along \(axis)", .concatenate(axis: axis), inputs: 3)
            }
            add("reshape", .reshape([shape.elements]))
            add("reshape to image", .reshape([1, shape.elements, 1]))
            add("reverse", .transpose(Array((0..<shape.rank).reversed())))
            if shape.rank == 3 {
                add("turn", .transpose([1, 2, 0]))
                add("exchange", .transpose([1, 0, 2]))
            }
            add("softmax", .softmax)
        }
        return cases
    }()

    private func same(_ graph: FloatGraph) throws {
        var random = Random(seed: 33)
        let read = try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph
        var before = FloatEvaluator(graph)
        var after = FloatEvaluator(read)
        let x = random.numbers(graph.shape(of: graph.input).elements)
        #expect(before(x) == after(x))
    }

    @Test("Every operator, in both layouts of its input", arguments: windows + others)
    func operators(_ test: Case) throws {
        var plain = FloatGraph(name: "g", inputShape: test.shape)
        try plain.append(
            test.operation, name: "n", inputs: Array(repeating: plain.input, count: test.inputs))
        try same(plain)

        guard test.shape.rank == 3 else { return }
        var graph = FloatGraph(name: "g", inputShape: test.shape)
        let pixel = Window(kernel: (1, 1))
        let first = try graph.append(.maxPool(pixel), name: "pixel", inputs: [graph.input])
        // Inputs of both layouts where there are several.
        let inputs = [first, graph.input, first].prefix(test.inputs)
        try graph.append(test.operation, name: "n", inputs: Array(inputs))
        try graph.append(.clip(lower: -1, upper: 1), name: "behind", inputs: [graph.output])
        try same(graph)
    }

    @Test("A graph without nodes, and one whose output is not its last value")
    func outputs() throws {
        try same(FloatGraph(name: "", inputName: "", inputShape: [3, 2]))
        var graph = FloatGraph(name: "g", inputShape: [3, 2, 2])
        let first = try graph.append(
            .maxPool(Window(kernel: (2, 1))), name: "first", inputs: [graph.input])
        try graph.append(.clip(lower: 0, upper: 1), name: "second", inputs: [first])
        graph.output = first
        try same(graph)
    }

    @Test("Names stay, unless two are the same")
    func names() throws {
        var graph = FloatGraph(name: "g", inputName: "features", inputShape: [2])
        for name in ["dense", "dense.weight", "dense", ""] {
            try graph.append(
                .dense(weights: [1, 0.5, -1, 2], bias: [0, 1]), name: name, inputs: [graph.output])
        }
        try same(graph)
        let read = try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph
        #expect(
            read.values.map(\.name) == ["features", "dense", "dense.weight", "dense#2", "Gemm"])
    }

    @Test("The same bytes each time; nothing is left of a file that cannot be written")
    func files() throws {
        var graph = FloatGraph(name: "g", inputShape: [2])
        try graph.append(.softmax, name: "softmax", inputs: [graph.input])
        let scratch = try Scratch()
        let path = "\(scratch.path)/m.onnx"
        try ONNXWriter.write(graph, to: path)
        let read = try ModelFile.load(path: path).graph
        #expect(read.nodes.map(\.name) == ["softmax"])
        #expect(ONNXWriter.bytes(of: graph) == ONNXWriter.bytes(of: graph))
        do {
            try ONNXWriter.write(graph, to: "\(scratch.path)/none/m.onnx")
            Issue.record("written into no folder")
        } catch {
            #expect(error.kind == .unwritable)
        }
    }
}
