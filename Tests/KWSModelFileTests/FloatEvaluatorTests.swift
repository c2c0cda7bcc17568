// SPDX-License-Identifier: Apache-2.0
// Goal: the float evaluator computes every operator by its definition, for widths that fill whole
// vectors and widths that do not, and keeps all values of a run.
// Method: random graphs nodes against plain loops in double precision.

import KWSGraph
import Testing

struct FloatEvaluatorTests {
    private func output(
        _ operation: FloatOperator, _ shape: Shape, _ x: [Float], twice: Bool = false
    ) throws -> [Float] {
        var graph = FloatGraph(name: "g", inputShape: shape)
        let inputs = Array(repeating: graph.input, count: twice ? 2 : 1)
        try graph.append(operation, name: "n", inputs: inputs)
        var evaluator = FloatEvaluator(graph)
        // The second run must not see anything of the first.
        _ = evaluator(Array(repeating: 1000, count: x.count))
        return evaluator(x)
    }

    @Test(
        "Convolution and depthwise, odd sizes",
        arguments: [
            (5, 7, 3, 1, 1), (6, 5, 8, 8, 2), (4, 9, 5, 13, 1), (7, 4, 1, 17, 3), (9, 2, 16, 7, 2),
        ])
    func windows(height: Int, width: Int, inputs: Int, outputs: Int, stride: Int) throws {
        var random = Random(seed: 11)
        let window = Window(
            kernel: (3, 2), stride: (stride, 1), padding: (top: 2, bottom: 1, left: 0, right: 1))
        let x = random.numbers(height * width * inputs)
        let plain = PlainTensor([1, height, width, inputs], x).transposed([0, 3, 1, 2])

        let w = random.numbers(outputs * 6 * inputs)
        let b = random.numbers(outputs)
        let expected = plain.convolution(
            PlainTensor([outputs, 3, 2, inputs], w).transposed([0, 3, 1, 2]), bias: b,
            stride: (stride, 1), pads: [2, 0, 1, 1], group: 1)
        let found = try output(
            .convolution(window, weights: w, bias: b), [height, width, inputs], x)
        #expect(expected.transposed([0, 2, 3, 1]).agrees(with: found))

        for multiplier in 1...2 {
            let d = random.numbers(inputs * multiplier * 6)
            let bias = random.numbers(inputs * multiplier)
            let expected = plain.convolution(
                PlainTensor([3, 2, inputs * multiplier, 1], d).transposed([2, 3, 0, 1]),
                bias: bias, stride: (stride, 1), pads: [2, 0, 1, 1], group: inputs)
            let found = try output(
                .depthwise(window, weights: d, bias: bias), [height, width, inputs], x)
            #expect(expected.transposed([0, 2, 3, 1]).agrees(with: found))
        }
    }

    @Test("Dense and pointwise", arguments: [(1, 1), (7, 12), (64, 64), (33, 9)])
    func products(inputs: Int, outputs: Int) throws {
        var random = Random(seed: 12)
        let w = random.numbers(inputs * outputs)
        let b = random.numbers(outputs)
        let rows = 7
        let x = random.numbers(rows * inputs)
        var expected = PlainTensor([rows, outputs], zeros: ())
        for r in 0..<rows {
            for o in 0..<outputs {
                var sum = Double(b[o])
                for i in 0..<inputs { sum += Double(x[r * inputs + i]) * Double(w[o * inputs + i]) }
                expected[r, o] = sum
            }
        }
        let pointwise = FloatOperator.convolution(
            Window(kernel: (1, 1)), weights: w, bias: b)
        #expect(expected.agrees(with: try output(pointwise, [rows, 1, inputs], x)))
        let dense = try output(.dense(weights: w, bias: b), [inputs], Array(x[..<inputs]))
        #expect(dense == (try output(pointwise, [rows, 1, inputs], x))[..<outputs].map { $0 })
    }

    @Test("Element-wise operators, pools, views and softmax by hand")
    func small() throws {
        let x: [Float] = [1, -2, 3, -4]
        #expect(try output(.clip(lower: 0, upper: 2), [4], x) == [1, 0, 2, 0])
        #expect(
            try output(.affine(scale: [2, 3], offset: [1, 0]), [2, 2], x) == [3, -6, 7, -12])
        let norm = BatchNorm(
            gamma: [2, 1], beta: [0, 1], mean: [1, 0], variance: [3, 15], epsilon: 1)
        #expect(try output(.batchNorm(norm), [2, 2], x) == [0, 0.5, 2, 0])
        #expect(try output(.add, [4], x, twice: true) == [2, -4, 6, -8])
        #expect(
            try output(.concatenate(axis: 1), [2, 2], x, twice: true)
                == [1, -2, 1, -2, 3, -4, 3, -4])
        #expect(try output(.transpose([1, 0]), [2, 2], x) == [1, 3, -2, -4])
        #expect(try output(.reshape([4, 1]), [2, 2], x) == x)
        let window = Window(
            kernel: (2, 2), stride: (2, 1), padding: (top: 1, bottom: 1, left: 0, right: 0))
        #expect(try output(.maxPool(window), [2, 2, 1], x) == [1, 3])
        #expect(try output(.averagePool(window), [2, 2, 1], x) == [-0.25, -0.25])
        let softmax = try output(.softmax, [2], [1000, 1000])
        #expect(softmax == [0.5, 0.5])
    }

    @Test("All values of a run stay readable")
    func values() throws {
        var graph = FloatGraph(name: "g", inputShape: [2])
        let a = try graph.append(.clip(lower: 0, upper: 1), name: "a", inputs: [graph.input])
        let b = try graph.append(.add, name: "b", inputs: [a, graph.input])
        var evaluator = FloatEvaluator(graph)
        evaluator.run([-1, 3])
        #expect(Array(evaluator[graph.input]) == [-1, 3])
        #expect(Array(evaluator[a]) == [0, 1])
        #expect(Array(evaluator[b]) == [-1, 4])
    }
}
