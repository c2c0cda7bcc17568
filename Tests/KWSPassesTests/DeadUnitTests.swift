// SPDX-License-Identifier: Apache-2.0
//
// Goal: units that cannot matter go, and the function stays.
// Method: networks of small whole numbers, whose float sums are exact in any order: outputs must be
// equal bit for bit.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct DeadUnitTests {
    /// Whole numbers of -2...2; a share of rows and columns is all zeros.
    private static func matrix(
        _ rows: Int, _ columns: Int, _ random: inout RandomGraphs
    ) -> [Float] {
        let dead = (
            rows: (0..<rows).map { _ in random.integer(0...2) == 0 },
            columns: (0..<columns).map { _ in random.integer(0...2) == 0 }
        )
        return (0..<rows * columns).map { i in
            dead.rows[i / columns] || dead.columns[i % columns]
                ? 0 : Float(random.integer(-2...2))
        }
    }

    private static func whole(_ count: Int, _ random: inout RandomGraphs) -> [Float] {
        (0..<count).map { _ in Float(random.integer(-3...3)) }
    }

    /// Convolution, depthwise, pointwise, pool and dense layers with and without padding.
    private static func network(_ random: inout RandomGraphs) throws -> FloatGraph {
        var graph = FloatGraph(name: "dead", inputShape: [6, 5, 2])
        var value = graph.input
        for layer in 0..<random.integer(2...5) {
            let (height, width, channels) = graph.shape(of: value).image
            let pad = random.integer(0...1)
            var window = Window(kernel: (2, 2), padding: (pad, 0, 0, pad))
            if window.output(height: height, width: width) == nil {
                window = Window(kernel: (1, 1))
            }
            let operation: FloatOperator
            switch random.integer(0...4) {
            case 0, 1:
                let out = random.integer(1...6)
                // Per channel, so that whole channels go unread.
                let columns = (0..<window.taps).map { _ in
                    matrix(out, channels, &random)
                }
                let weights = (0..<out).flatMap { row in
                    columns.flatMap { $0[row * channels..<(row + 1) * channels] }
                }
                operation = .convolution(window, weights: weights, bias: whole(out, &random))
            case 2:
                let out = channels * random.integer(1...2)
                operation = .depthwise(
                    window, weights: matrix(window.taps, out, &random), bias: whole(out, &random))
            case 3: operation = .maxPool(Window(kernel: (1, 1)))
            default:
                let out = random.integer(1...6)
                operation = .convolution(
                    Window(kernel: (1, 1)), weights: matrix(out, channels, &random),
                    bias: whole(out, &random))
            }
            value = try graph.append(operation, name: "l\(layer)", inputs: [value])
            value = try graph.append(
                .clip(lower: 0, upper: 6), name: "c\(layer)", inputs: [value])
        }
        let flat = try graph.append(
            .reshape([graph.shape(of: value).elements]), name: "flat", inputs: [value])
        let elements = graph.shape(of: flat).elements
        let hidden = try graph.append(
            .dense(weights: matrix(5, elements, &random), bias: whole(5, &random)), name: "h",
            inputs: [flat])
        try graph.append(
            .dense(weights: matrix(3, 5, &random), bias: whole(3, &random)), name: "o",
            inputs: [hidden])
        return graph
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func theFunctionStaysBitForBit(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try Self.network(&random)
        var small = graph
        try run([RemoveDeadUnits()], on: &small)
        #expect(small.parameters <= graph.parameters)
        var (before, after) = (FloatEvaluator(graph), FloatEvaluator(small))
        for _ in 0..<4 {
            let input = Self.whole(60, &random)
            #expect(before(input) == after(input), "seed \(seed)")
        }
        var again = small
        try run([RemoveDeadUnits()], on: &again)
        #expect(again.values.map(\.shape) == small.values.map(\.shape), "seed \(seed)")
    }

    @Test func constantsFoldAndTheChainGoes() throws {
        var graph = FloatGraph(name: "chain", inputShape: [3])
        let first = try graph.append(
            .dense(weights: [1, 1, 1, 0, 0, 0], bias: [0, -4]), name: "a", inputs: [graph.input])
        let second = try graph.append(
            .dense(weights: [2, 3, 0, 5], bias: [1, 7]), name: "b", inputs: [first])
        try graph.append(.dense(weights: [1, -1], bias: [2]), name: "c", inputs: [second])
        try run([RemoveDeadUnits()], on: &graph)
        // Unit 2 of a is -4: b is 2 x + 1 - 12 and 7 - 20 = -13; c is x - (-13) + 2.
        let numbers = graph.nodes.map { $0.operation.parameters.map(\.numbers) }
        #expect(numbers == [[[1, 1, 1], [0]], [[2], [-11]], [[1], [15]]])
    }

    @Test func aConstantStaysWherePaddingReadsIt() throws {
        var graph = FloatGraph(name: "pad", inputShape: [3, 1, 1])
        let first = try graph.append(
            .convolution(Window(kernel: (1, 1)), weights: [0, 1], bias: [5, 0]), name: "a",
            inputs: [graph.input])
        try graph.append(
            .convolution(
                Window(kernel: (3, 1), padding: (1, 1, 0, 0)), weights: [1, 0, 1, 0, 1, 2],
                bias: [0]), name: "b", inputs: [first])
        let before = graph
        try run([RemoveDeadUnits()], on: &graph)
        #expect(graph.shape(of: first).extents == [3, 1, 2])
        var (x, y) = (FloatEvaluator(before), FloatEvaluator(graph))
        #expect(x([1, 2, 3]) == y([1, 2, 3]))
    }

    @Test func aNetworkThatIsAllConstantKeepsItsShape() throws {
        var graph = FloatGraph(name: "zero", inputShape: [4])
        let hidden = try graph.append(
            .dense(weights: Array(repeating: 0, count: 12), bias: [1, 2, 3]), name: "a",
            inputs: [graph.input])
        try graph.append(
            .dense(weights: [1, 1, 1, 2, 2, 2], bias: [0, 0]), name: "b", inputs: [hidden])
        try run(standardPasses, on: &graph)
        var evaluator = FloatEvaluator(graph)
        #expect(evaluator([0, 0, 0, 0]) == [6, 12])
        #expect(graph.shape(of: graph.nodes[0].output) == [1])
    }

    /// Two dense layers; the second one reads no unit of number 3 in each five.
    private static func dense(isAlive: (_ row: Int, _ column: Int) -> Bool) throws -> FloatGraph {
        var random = RandomGraphs(seed: 9)
        var graph = FloatGraph(name: "dense", inputShape: [48])
        let hidden = try graph.append(
            .dense(
                weights: (0..<40 * 48).map {
                    isAlive($0 / 48, $0 % 48) ? Float(random.integer(1...3)) : 0
                }, bias: whole(40, &random)), name: "hidden", inputs: [graph.input])
        try graph.append(
            .dense(
                weights: (0..<3 * 40).map {
                    $0 % 40 % 5 == 3 ? 0 : Float(random.integer(1...2))
                }, bias: whole(3, &random)), name: "last", inputs: [hidden])
        return graph
    }

    /// Columns of four rows with a weight in them.
    private static func blocks(_ graph: FloatGraph) -> Int {
        guard case .dense(let weights, _) = graph.nodes[0].operation else { return 0 }
        return (0..<weights.count / (4 * 48)).reduce(0) { sum, four in
            sum
                + (0..<48).count { column in
                    (0..<4).contains { weights[(4 * four + $0) * 48 + column] != 0 }
                }
        }
    }

    @Test func blocksOfFourRowsStayWhole() throws {
        let graph = try Self.dense { row, column in (row / 4 * 7 + column * 11) % 8 == 0 }
        var pruned = graph
        try RemoveDeadUnits().run(&pruned)
        #expect(Self.blocks(graph) == 60)
        #expect(Self.blocks(pruned) == 60)
        guard case .dense(let weights, let bias) = pruned.nodes[0].operation else { return }
        #expect(weights.count { $0 != 0 } == 60 * 4 - 48)
        #expect(bias.enumerated().allSatisfy { $0.offset % 5 != 3 || $0.element == 0 })
        var (before, after) = (FloatEvaluator(graph), FloatEvaluator(pruned))
        let input = (0..<48).map { Float($0 % 7 - 3) }
        #expect(before(input) == after(input))
    }

    @Test func singleWeightsNeedNoRowsOfZeros() throws {
        var graph = try Self.dense { row, column in (row * 7 + column * 11) % 8 == 0 }
        try RemoveDeadUnits().run(&graph)
        #expect(graph.values[graph.nodes[0].output.index].shape.elements == 32)
    }
}
