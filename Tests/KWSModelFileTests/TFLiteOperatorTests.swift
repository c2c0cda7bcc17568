// SPDX-License-Identifier: Apache-2.0
// Goal: every TFLite operator means in the graph what TFLite means by it.
// Method: small models written byte by byte; results against the definition in double precision.

import KWSGraph
import KWSModelFile
import Testing

struct TFLiteOperatorTests {
    private func run(_ file: TFLiteFile, _ input: [Float]) throws -> [Float] {
        let model = try Scratch().load(file.bytes, "m.tflite")
        var evaluator = FloatEvaluator(model.graph)
        return evaluator(input)
    }

    @Test(
        "CONV_2D and DEPTHWISE_CONV_2D with TensorFlow's SAME padding",
        arguments: [
            ((11, 7), (3, 3), (1, 1)), ((49, 10), (10, 4), (2, 2)), ((7, 5), (4, 2), (3, 2)),
            ((5, 5), (1, 1), (2, 2)),
        ])
    func convolution(size: (Int, Int), kernel: (Int, Int), stride: (Int, Int)) throws {
        var random = Random(seed: 7)
        func zeros(_ n: Int, _ k: Int, _ s: Int) -> (Int, Int) {
            // As TensorFlow documents it, by remainder.
            let total = max(k - (n % s == 0 ? s : n % s), 0)
            return (total / 2, total - total / 2)
        }
        let (top, bottom) = zeros(size.0, kernel.0, stride.0)
        let (left, right) = zeros(size.1, kernel.1, stride.1)
        let (rows, columns) = (
            (size.0 + stride.0 - 1) / stride.0, (size.1 + stride.1 - 1) / stride.1
        )
        let x = random.numbers(size.0 * size.1 * 3)
        let b = random.numbers(6)
        for isDepthwise in [false, true] {
            let inputs = isDepthwise ? 1 : 3
            let w = random.numbers(6 * inputs * kernel.0 * kernel.1)
            var file = TFLiteFile()
            file.tensor("x", [1, size.0, size.1, 3])
            let shape =
                isDepthwise ? [1, kernel.0, kernel.1, 6] : [6, kernel.0, kernel.1, 3]
            let weights = file.constant("w", shape, w)
            let bias = file.constant("b", [6], b)
            let y = file.tensor("y", [1, rows, columns, 6])
            var options: [Int: FlatbufferWriter.Value] = [
                0: .int8(0), 1: .int32(stride.1), 2: .int32(stride.0),
            ]
            options[isDepthwise ? 4 : 3] = .int8(1)
            if isDepthwise { options[3] = .int32(2) }
            file.node(isDepthwise ? 4 : 3, [0, weights, bias], y, options: options)
            let plain = PlainTensor([1, size.0, size.1, 3], x).transposed([0, 3, 1, 2])
            let plainWeights =
                isDepthwise
                ? PlainTensor([1, kernel.0, kernel.1, 6], w).transposed([3, 0, 1, 2])
                : PlainTensor([6, kernel.0, kernel.1, 3], w).transposed([0, 3, 1, 2])
            var expected = plain.convolution(
                plainWeights, bias: b, stride: stride, pads: [top, left, bottom, right],
                group: isDepthwise ? 3 : 1
            ).transposed([0, 2, 3, 1])
            expected.numbers = expected.numbers.map { max(0, $0) }
            #expect(expected.agrees(with: try run(file, x)))
        }
    }

    @Test("Quantised weights: per channel, per tensor, biases in int32, uint8 with zero point")
    func quantised() throws {
        var file = TFLiteFile()
        file.tensor("x", [1, 2], type: 9, scales: [0.5], zeroPoints: [3])
        let w = file.tensor(
            "w", [3, 2], type: 9, data: [1, 2, 3, 4, 0xFF, 0x80], scales: [1, 0.5, 0.25],
            zeroPoints: [0, 0, 0])
        let b = file.tensor(
            "b", [3], type: 2,
            data: [2, -4, 8].flatMap { ProtobufWriter.littleEndian(Int32($0)) },
            scales: [0.5, 0.25, 0.125], zeroPoints: [0, 0, 0])
        let h = file.tensor("h", [1, 3], type: 9, scales: [1], zeroPoints: [0])
        let v = file.tensor(
            "v", [1, 3], type: 3, data: [130, 128, 126], scales: [0.5], zeroPoints: [128])
        let y = file.tensor("y", [1, 1])
        file.node(9, [0, w, b], h)
        file.node(9, [h, v, -1], y)
        // h = [1*1 + 2*2 + 1, 1.5*1 + 2*2 - 1, -0.25*1 - 32*2 + 1] = [6, 4.5, -63.25]
        #expect(try run(file, [1, 2]) == [6 + 63.25])
    }

    @Test("MEAN, MAX_POOL_2D, PAD, TRANSPOSE, RESHAPE, ADD, MUL, CONCATENATION, SOFTMAX, RELU6")
    func rest() throws {
        var file = TFLiteFile()
        file.tensor("x", [1, 2, 3, 2])
        let axes = file.constant("axes", integers: [1, 2])
        let mean = file.tensor("mean", [1, 2])
        file.node(40, [0, axes], mean, options: [0: .int8(0)])
        #expect(try run(file, [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]) == [3.5, 35])

        var pool = TFLiteFile()
        pool.tensor("x", [1, 3, 3, 1])
        let y = pool.tensor("y", [1, 2, 2, 1])
        pool.node(
            17, [0], y,
            options: [0: .int8(0), 1: .int32(2), 2: .int32(2), 3: .int32(2), 4: .int32(2)])
        #expect(try run(pool, [-9, -8, -7, -6, -5, -4, -3, -2, -1]) == [-5, -4, -2, -1])

        var views = TFLiteFile()
        views.tensor("x", [1, 2, 3])
        let permutation = views.constant("p", integers: [0, 2, 1])
        let t = views.tensor("t", [1, 3, 2])
        views.node(39, [0, permutation], t)
        let scale = views.constant("s", [2], [1, 10])
        let m = views.tensor("m", [1, 3, 2])
        views.node(18, [t, scale], m)
        let r = views.tensor("r", [1, 6])
        views.node(22, [m], r)
        let c = views.tensor("c", [1, 12])
        views.node(2, [r, r], c, options: [0: .int32(-1)])
        let a = views.tensor("a", [1, 12])
        views.node(0, [c, c], a, options: [0: .int8(3)])
        // transposed 0 3 1 4 2 5, times 1, 10; twice; doubled and clipped at 6
        let once: [Float] = [0, 6, 2, 6, 4, 6]
        #expect(try run(views, [0, 1, 2, 3, 4, 5]) == once + once)

        var padded = TFLiteFile()
        padded.tensor("x", [1, 1, 2, 1])
        let paddings = padded.constant("p", integers: [0, 0, 1, 0, 0, 1, 0, 0])
        let p = padded.tensor("p", [1, 2, 3, 1])
        padded.node(34, [0, paddings], p)
        let w = padded.constant("w", [1, 2, 2, 1], [1, 2, 3, 4])
        let out = padded.tensor("out", [1, 1, 2, 1])
        padded.node(3, [p, w, -1], out, options: [0: .int8(1), 1: .int32(1), 2: .int32(1)])
        #expect(try run(padded, [1, 2]) == [11, 6])
    }

    @Test("A custom operator is refused by its name")
    func custom() throws {
        var file = TFLiteFile()
        file.tensor("x", [1, 2])
        let y = file.tensor("spectrum", [1, 2])
        file.node(32, [0], y, custom: "SignalWindow")
        let error = try #require(try Scratch().error(file.bytes, "m.tflite"))
        #expect(error.kind == .unsupported)
        #expect(error.found == "custom operator SignalWindow")
        #expect(error.place.contains("spectrum"))
        #expect(error.allowed.contains("CONV_2D"))
    }
}
