// SPDX-License-Identifier: Apache-2.0
// Goal: every ONNX operator means in the graph what the ONNX specification says, whatever layout
// the graph chose for it.
// Method: small models written byte by byte; their results against the definition in double
// precision on ONNX's own axis order.

import KWSGraph
import KWSModelFile
import Testing

struct ONNXOperatorTests {
    private func run(_ file: ONNXFile, _ input: [Float]) throws -> [Float] {
        let model = try Scratch().load(file.bytes, "m.onnx")
        var evaluator = FloatEvaluator(model.graph)
        return evaluator(input)
    }

    struct Convolution: Sendable {
        var channels = 3
        var size = (11, 7)
        var outputs = 5
        var kernel = (3, 3)
        var stride = (1, 1)
        var pads = [0, 0, 0, 0]
        var group = 1
        var mode: String?
    }

    @Test(
        "Conv, 2-D: strides, asymmetric pads, auto_pad, depthwise with multiplier",
        arguments: [
            Convolution(),
            Convolution(
                channels: 1, size: (13, 5), kernel: (10, 4), stride: (2, 2), pads: [5, 1, 4, 1]),
            Convolution(stride: (2, 3), pads: [1, 0, 2, 1]),
            Convolution(channels: 5, outputs: 5, pads: [1, 1, 1, 1], group: 5),
            Convolution(channels: 3, outputs: 6, kernel: (2, 3), stride: (2, 1), group: 3),
            Convolution(channels: 4, outputs: 7, kernel: (1, 1)),
            Convolution(channels: 2, size: (1, 9), kernel: (1, 3), pads: [0, 1, 0, 1]),
            // 11 rows, stride 2: 6 outputs need (6 - 1) * 2 + 4 - 11 = 3 zeros, 1 before, 2 after.
            Convolution(kernel: (4, 1), stride: (2, 1), pads: [1, 0, 2, 0], mode: "SAME_UPPER"),
            Convolution(kernel: (4, 1), stride: (2, 1), pads: [2, 0, 1, 0], mode: "SAME_LOWER"),
            Convolution(mode: "VALID"),
        ])
    func convolution(_ c: Convolution) throws {
        var random = Random(seed: 1)
        let shape = [1, c.channels, c.size.0, c.size.1]
        let weightShape = [c.outputs, c.channels / c.group, c.kernel.0, c.kernel.1]
        let x = random.numbers(shape.reduce(1, *))
        let w = random.numbers(weightShape.reduce(1, *))
        let b = random.numbers(c.outputs)
        var file = ONNXFile(input: shape)
        file.tensor("w", weightShape, w)
        file.tensor("b", [c.outputs], b)
        if let mode = c.mode {
            file.node(
                "Conv", ["x", "w", "b"], "y",
                [
                    "auto_pad": .text(mode), "group": .integer(c.group),
                    "strides": .integers([c.stride.0, c.stride.1]),
                ])
        } else {
            file.node(
                "Conv", ["x", "w", "b"], "y",
                [
                    "pads": .integers(c.pads), "group": .integer(c.group),
                    "strides": .integers([c.stride.0, c.stride.1]),
                ])
        }
        let expected = PlainTensor(shape, x).convolution(
            PlainTensor(weightShape, w), bias: b, stride: c.stride, pads: c.pads, group: c.group)
        #expect(expected.agrees(with: try run(file, x)))
    }

    @Test("Conv, 1-D, flattened channel by channel into Gemm")
    func oneDimensional() throws {
        var random = Random(seed: 2)
        let x = random.numbers(4 * 13)
        let w = random.numbers(6 * 4 * 5)
        let g = random.numbers(30 * 3)
        var file = ONNXFile(input: [nil, 4, 13])
        file.tensor("w", [6, 4, 5], w)
        file.tensor("g", [30, 3], g)
        file.tensor("c", [3], [1, 2, 3])
        file.node("Conv", ["x", "w"], "a", ["strides": .integers([2])])
        file.node("Relu", ["a"], "r")
        file.node("Flatten", ["r"], "f")
        file.node(
            "Gemm", ["f", "g", "c"], "y", ["alpha": .float(0.5), "beta": .float(2)])
        var hidden = PlainTensor([1, 4, 13, 1], x).convolution(
            PlainTensor([6, 4, 5, 1], w), bias: Array(repeating: 0, count: 6), stride: (2, 1),
            pads: [0, 0, 0, 0], group: 1)
        hidden.numbers = hidden.numbers.map { max($0, 0) }
        var expected = PlainTensor([3], [2, 4, 6])
        for o in 0..<3 {
            for i in 0..<30 {
                expected.numbers[o] += 0.5 * hidden.numbers[i] * Double(g[i * 3 + o])
            }
        }
        #expect(expected.agrees(with: try run(file, x)))
    }

    @Test(
        "Transpose, Reshape, Squeeze and Unsqueeze keep ONNX order",
        arguments: [
            [0, 2, 1], [1, 0, 2], [2, 1, 0], [1, 2, 0],
        ])
    func views(_ permutation: [Int]) throws {
        var random = Random(seed: 3)
        let x = random.numbers(3 * 5 * 7)
        var file = ONNXFile(input: [1, 3, 5, 7])
        file.tensor("axes", integers: [0])
        file.tensor("shape", integers: [-1, 3, 1, 7])
        file.tensor("flat", integers: [1, 105])
        file.node("Squeeze", ["x", "axes"], "s")
        file.node("Transpose", ["s"], "t", ["perm": .integers(permutation)])
        file.node("Unsqueeze", ["t", "axes"], "u")
        file.node("Reshape", ["u", "shape"], "r")
        file.node("Reshape", ["r", "flat"], "y")
        let expected = PlainTensor([3, 5, 7], x).transposed(permutation)
        #expect(expected.agrees(with: try run(file, x)))
    }

    @Test(
        "Reductions over any axes", arguments: [[1], [2], [3], [2, 3], [1, 3], [1, 2, 3], [-1]])
    func reductions(_ axes: [Int]) throws {
        var random = Random(seed: 4)
        let x = random.numbers(3 * 5 * 7)
        let plain = PlainTensor([3, 5, 7], x)
        let reduced = Set(axes.map { ($0 + 4) % 4 - 1 })
        var sums: [[Int]: [Double]] = [:]
        for i in 0..<3 {
            for j in 0..<5 {
                for k in 0..<7 {
                    let key = [i, j, k].enumerated().filter { !reduced.contains($0.offset) }
                    sums[key.map(\.element), default: []].append(plain[i, j, k])
                }
            }
        }
        let groups = sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        for (operation, value) in [
            ("ReduceMean", { (g: [Double]) in g.reduce(0, +) / Double(g.count) }),
            ("ReduceMax", { (g: [Double]) in g.max() ?? 0 }),
        ] {
            for opset in [17, 18] {
                var file = ONNXFile(input: [1, 3, 5, 7])
                file.opset = opset
                file.tensor("one", [], [1])
                file.tensor("axes", integers: axes)
                file.node("Mul", ["x", "one"], "m")
                if opset < 18 {
                    file.node(
                        operation, ["m"], "y", ["axes": .integers(axes), "keepdims": .integer(0)])
                } else {
                    file.node(operation, ["m", "axes"], "y", ["keepdims": .integer(0)])
                }
                var expected = PlainTensor([groups.count], zeros: ())
                expected.numbers = groups.map(value)
                #expect(expected.agrees(with: try run(file, x)), "\(operation), opset \(opset)")
            }
        }
    }

    @Test("Pools, batch norm, concat and sums between layouts")
    func mixed() throws {
        var random = Random(seed: 5)
        let x = random.numbers(2 * 6 * 4)
        var file = ONNXFile(input: [1, 2, 6, 4])
        file.tensor("w", [2, 2, 1, 1], [1, 0, 0, 1])
        for (name, numbers) in [
            ("gamma", [2, -1]), ("beta", [0.5, 0.25]), ("mean", [1, -1]), ("var", [4, 0.25]),
        ] as [(String, [Float])] { file.tensor(name, [2], numbers) }
        // `a` becomes channels-last, `x` stays as it came: both meet in Concat and Add.
        file.node("Conv", ["x", "w"], "a")
        file.node(
            "BatchNormalization", ["a", "gamma", "beta", "mean", "var"], "n",
            ["epsilon": .float(0)])
        file.node("Concat", ["n", "x"], "c", ["axis": .integer(1)])
        file.node(
            "MaxPool", ["c"], "p",
            ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
        file.node("Concat", ["p", "p"], "h", ["axis": .integer(2)])
        file.node("Add", ["h", "h"], "y")
        let plain = PlainTensor([2, 6, 4], x)
        var expected = PlainTensor([4, 6, 2], zeros: ())
        for c in 0..<4 {
            for r in 0..<6 {
                for k in 0..<2 {
                    var largest = -Double.infinity
                    for i in 0..<4 {
                        let source = plain[c % 2, r % 3 * 2 + i / 2, k * 2 + i % 2]
                        let norm = c == 0 ? (source - 1) / 2 * 2 + 0.5 : -(source + 1) / 0.5 + 0.25
                        largest = max(largest, c < 2 ? norm : source)
                    }
                    expected[c, r, k] = 2 * largest
                }
            }
        }
        #expect(expected.agrees(with: try run(file, x)))
    }

    @Test(
        "Constants broadcast along any axis", arguments: [[], [7], [5, 1], [3, 1, 1], [3, 5, 7]])
    func broadcasting(_ shape: [Int]) throws {
        var random = Random(seed: 6)
        let x = random.numbers(3 * 5 * 7)
        let c = random.numbers(shape.reduce(1, *))
        var file = ONNXFile(input: [1, 3, 5, 7])
        file.tensor("w", [3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1])
        file.tensor("c", shape, c)
        file.node("Conv", ["x", "w"], "a")
        file.node("Mul", ["a", "c"], "m")
        file.node("Sub", ["c", "m"], "s")
        file.node("Clip", ["s"], "y")
        let plain = PlainTensor([3, 5, 7], x)
        let constant = PlainTensor(Array(repeating: 1, count: 3 - shape.count) + shape, c)
        var expected = plain
        for i in 0..<3 {
            for j in 0..<5 {
                for k in 0..<7 {
                    let s = constant.shape
                    let number = constant[i % s[0], j % s[1], k % s[2]]
                    expected[i, j, k] = number - plain[i, j, k] * number
                }
            }
        }
        #expect(expected.agrees(with: try run(file, x)))
    }

    @Test("Pad in front of Conv; count_include_pad; global pools; MatMul over rows; Softmax")
    func rest() throws {
        var file = ONNXFile(input: [1, 1, 2, 2])
        file.tensor("pads", integers: [0, 0, 1, 0, 0, 0, 0, 1])
        file.tensor("w", [1, 1, 2, 2], [1, 2, 3, 4])
        file.node("Pad", ["x", "pads"], "p")
        file.node("Conv", ["p", "w"], "y")
        // [0 0 0; 1 2 0; 3 4 0] under [1 2; 3 4]
        #expect(try run(file, [1, 2, 3, 4]) == [11, 6, 5 + 9 + 16, 2 + 12])

        var pool = ONNXFile(input: [1, 1, 2, 2])
        pool.node(
            "AveragePool", ["x"], "y",
            [
                "kernel_shape": .integers([2, 2]), "pads": .integers([1, 0, 0, 0]),
                "count_include_pad": .integer(1),
            ])
        #expect(try run(pool, [1, 2, 3, 4]) == [0.75, 2.5])

        var global = ONNXFile(input: [1, 2, 3])
        global.node("GlobalMaxPool", ["x"], "y")
        #expect(try run(global, [1, 5, 3, -1, -2, -3]) == [5, -1])

        var rows = ONNXFile(input: [1, 3, 2])
        rows.tensor("w", [2, 2], [1, 10, 100, 1000])
        rows.node("MatMul", ["x", "w"], "y")
        #expect(try run(rows, [1, 0, 0, 1, 1, 1]) == [1, 10, 100, 1000, 101, 1010])

        var softmax = ONNXFile(input: [1, 2])
        softmax.node("Softmax", ["x"], "y", ["axis": .integer(1)])
        #expect(try run(softmax, [3, 3]) == [0.5, 0.5])
    }

    @Test("Weights in float16, double and bfloat16, and in a file beside the model")
    func storage() throws {
        // 1.5 and -2 in each format, little-endian.
        for (type, raw) in [
            (10, [0x00, 0x3E, 0x00, 0xC0]), (16, [0xC0, 0x3F, 0x00, 0xC0]),
            (11, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]),
        ] as [(Int, [UInt8])] {
            var file = ONNXFile(input: [1, 2])
            file.tensor("w", [2, 1], type: type, raw: raw)
            file.node("MatMul", ["x", "w"], "y")
            #expect(try run(file, [2, 1]) == [1])
        }
        var file = ONNXFile(input: [1, 2])
        file.externalTensor("w", [2, 1], location: "m.data", offset: 4)
        file.node("MatMul", ["x", "w"], "y")
        let scratch = try Scratch()
        #expect(try scratch.error(file.bytes, "m.onnx")?.kind == .missing)
        let weights = [9, 1.5, -2].flatMap { ProtobufWriter.littleEndian(Float($0).bitPattern) }
        _ = try scratch.write(weights, "m.data")
        var evaluator = FloatEvaluator(try scratch.load(file.bytes, "m.onnx").graph)
        #expect(evaluator([2, 1]) == [1])

        var outside = ONNXFile(input: [1, 2])
        outside.externalTensor("w", [2, 1], location: "../m.data", offset: 0)
        outside.node("MatMul", ["x", "w"], "y")
        #expect(try scratch.error(outside.bytes, "m.onnx")?.place == "tensor 'w'")
    }
}
