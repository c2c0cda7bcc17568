// SPDX-License-Identifier: Apache-2.0
//
// Goal: a network run along time says of each place what the window says there, and networks that
// cannot be run along time are refused. Method: the window moved by hand through the evaluator.

import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct UnrolledGraphTests {
    private static func numbers(_ count: Int, _ random: inout SplitMix64) -> [Float] {
        (0..<count).map { _ in Float(random.uniform(-1...1)) }
    }

    /// Convolutions with strides, pools, batch norms and two dense layers on a flattened image.
    private static func window(_ random: inout SplitMix64) throws -> FloatGraph {
        var graph = FloatGraph(name: "window", inputShape: [13, 6, 1])
        func add(_ operation: FloatOperator) throws {
            try graph.append(operation, name: "n\(graph.nodes.count)", inputs: [graph.output])
        }
        try add(
            .convolution(
                Window(kernel: (3, 3), stride: (2, 1), padding: (0, 0, 1, 1)),
                weights: numbers(36, &random), bias: numbers(4, &random)))
        try add(
            .batchNorm(
                BatchNorm(
                    gamma: [1, 2, 3, 4], beta: [0, 1, 0, 1], mean: [0.1, 0.2, 0, 0],
                    variance: [1, 2, 1, 2], epsilon: 1e-3)))
        try add(.clip(lower: 0, upper: .infinity))
        try add(.maxPool(Window(kernel: (2, 2), stride: (1, 2))))
        try add(
            .depthwise(
                Window(kernel: (2, 1)), weights: numbers(8, &random), bias: numbers(4, &random)))
        try add(.reshape([4 * 3 * 4]))
        try add(.dense(weights: numbers(5 * 48, &random), bias: numbers(5, &random)))
        try add(.clip(lower: 0, upper: .infinity))
        try add(.dense(weights: numbers(10, &random), bias: numbers(2, &random)))
        try add(.softmax)
        return graph
    }

    /// A context, an LSTM over all rows and a GRU that gives its last state.
    private static func recurrent(_ random: inout SplitMix64) throws -> FloatGraph {
        var graph = FloatGraph(name: "recurrent", inputShape: [9, 4, 1])
        try graph.append(.context(rows: 3), name: "context", inputs: [graph.input])
        // As ONNX has the rows of a recurrent layer.
        try graph.append(.reshape([7, 1, 12]), name: "rows", inputs: [graph.output])
        try graph.append(
            .lstm(
                LSTM(
                    Recurrence(inputs: 12, units: 3), weights: numbers(144, &random),
                    recurrentWeights: numbers(24, &random), bias: numbers(12, &random),
                    peepholes: numbers(9, &random), projection: numbers(6, &random))),
            name: "lstm", inputs: [graph.output])
        try graph.append(
            .gru(
                GRU(
                    Recurrence(inputs: 2, units: 3, returnsSequence: false),
                    weights: numbers(18, &random), recurrentWeights: numbers(27, &random),
                    bias: numbers(9, &random), resetsAfter: true)), name: "gru",
            inputs: [graph.output])
        try graph.append(
            .dense(weights: numbers(6, &random), bias: numbers(2, &random)), name: "out",
            inputs: [graph.output])
        return graph
    }

    private static func logits(
        _ graph: FloatGraph, _ inputs: [Float]
    ) throws -> [Float] {
        let network = try TrainableNetwork(graph, .init(batch: 1, threads: 1))
        _ = network.inputs.update(fromContentsOf: inputs)
        network.forward(samples: 1, statistics: .frozen)
        return Array(network.logits)
    }

    /// Sums of at most 48 products of numbers below 50, through eight layers: 8 * 48 * 50 * 2^-23.
    private static let tolerance: Float = 8 * 48 * 50 * 0x1p-23

    @Test func eachRowIsTheWindowThere() throws {
        var random = SplitMix64(seed: 8)
        let window = try Self.window(&random)
        let unrolled = try UnrolledGraph(window, frames: 30)
        // 3 frames, then one row of two more by the pool and by the depthwise layer each, and four of
        // the dense one, two frames apart.
        #expect((unrolled.field, unrolled.stride) == (3 + 2 + 2 + 6, 2))
        #expect(unrolled.rows == 9 && unrolled.lastFrame(of: 2) == 16)
        let inputs = Self.numbers(30 * 6, &random)
        let found = try Self.logits(unrolled.graph, inputs)
        for row in 0..<unrolled.rows {
            let first = unrolled.lastFrame(of: row) - 12
            let expected = try Self.logits(
                window, Array(inputs[first * 6..<(first + 13) * 6]))
            for (x, y) in zip(found[2 * row..<2 * row + 2], expected) {
                #expect(abs(x - y) < Self.tolerance, "row \(row)")
            }
        }
    }

    @Test func statesGoOnFromRowToRow() throws {
        var random = SplitMix64(seed: 9)
        let window = try Self.recurrent(&random)
        let unrolled = try UnrolledGraph(window, frames: 20)
        #expect((unrolled.field, unrolled.stride, unrolled.rows) == (3, 1, 18))
        let inputs = Self.numbers(20 * 4, &random)
        let found = try Self.logits(unrolled.graph, inputs)
        // A row is what a window says that began with the sequence and ends there.
        for row in [0, 6, 17] {
            let frames = unrolled.lastFrame(of: row) + 1
            var longer = FloatGraph(name: "longer", inputShape: [frames, 4, 1])
            for node in window.nodes {
                var operation = node.operation
                if case .reshape = operation { operation = .reshape([frames - 2, 1, 12]) }
                try longer.append(operation, name: node.name, inputs: [longer.output])
            }
            let expected = try Self.logits(longer, Array(inputs[..<(frames * 4)]))
            for (x, y) in zip(found[2 * row..<2 * row + 2], expected) {
                #expect(abs(x - y) < Self.tolerance, "row \(row)")
            }
        }
    }

    /// A dense network's input as ONNX has it: no axis of channels.
    @Test func framesAreTheFirstAxis() throws {
        var random = SplitMix64(seed: 11)
        var window = FloatGraph(name: "dense", inputShape: [3, 2])
        try window.append(
            .dense(weights: Self.numbers(12, &random), bias: [1, -1]), name: "dense",
            inputs: [window.input])
        let unrolled = try UnrolledGraph(window, frames: 5)
        #expect((unrolled.field, unrolled.rows) == (3, 3))
        let inputs = Self.numbers(10, &random)
        let found = try Self.logits(unrolled.graph, inputs)
        let expected = try (0..<3).flatMap {
            try Self.logits(window, Array(inputs[2 * $0..<2 * $0 + 6]))
        }
        for (x, y) in zip(found, expected) { #expect(abs(x - y) < Self.tolerance) }
    }

    @Test func numbersFindTheirWayBack() throws {
        var random = SplitMix64(seed: 10)
        for window in [try Self.window(&random), try Self.recurrent(&random)] {
            let unrolled = try UnrolledGraph(window, frames: 40)
            let back = unrolled.windowed(unrolled.graph)
            try back.verify()
            #expect(back.values.map(\.shape) == window.values.map(\.shape))
            for (x, y) in zip(back.nodes, window.nodes) {
                #expect(
                    x.operation.parameters.map(\.numbers) == y.operation.parameters.map(\.numbers))
                #expect(x.operation.recurrence == y.operation.recurrence)
            }
        }
    }

    @Test func aContextPutsRowsBesideOneAnother() throws {
        var graph = FloatGraph(name: "context", inputShape: [4, 2, 1])
        try graph.append(.context(rows: 3), name: "context", inputs: [graph.input])
        #expect(
            try Self.logits(graph, [1, 2, 3, 4, 5, 6, 7, 8])
                == [1, 3, 5, 2, 4, 6, 3, 5, 7, 4, 6, 8])
        #expect(graph.nodes[0].operation.contextRows == 3)
        let other = FloatOperator.convolution(
            Window(kernel: (2, 1)), weights: [1, 0, 0, 2], bias: [0, 0])
        #expect(other.contextRows == nil)
    }

    @Test func whatHasNoRowForEachPlaceIsRefused() throws {
        func refused(_ operations: [FloatOperator], frames: Int = 9) throws -> String {
            var graph = FloatGraph(name: "bad", inputShape: [5, 2, 1])
            for (index, operation) in operations.enumerated() {
                try graph.append(operation, name: "n\(index)", inputs: [graph.output])
            }
            let error = #expect(throws: GraphError.self) {
                try UnrolledGraph(graph, frames: frames)
            }
            return error?.description ?? ""
        }
        func gru(isBackward: Bool, isSequence: Bool) -> FloatOperator {
            .gru(
                GRU(
                    Recurrence(
                        inputs: 2, units: 1, isBackward: isBackward, returnsSequence: isSequence),
                    weights: [0, 0, 0, 0, 0, 0], recurrentWeights: [0, 0, 0], bias: [0, 0, 0],
                    resetsAfter: true))
        }
        let padded = Window(kernel: (3, 2), padding: (1, 1, 0, 0))
        #expect(
            try refused([.convolution(padded, weights: [0, 0, 0, 0, 0, 0], bias: [0])])
                .contains("'n0': pads time"))
        #expect(
            try refused([gru(isBackward: true, isSequence: false)])
                .contains("goes backward in time"))
        #expect(
            try refused([gru(isBackward: false, isSequence: true)]).contains("ends in 5 rows"))
        #expect(try refused([.transpose([1, 0, 2])]).contains("turns an image"))
        #expect(try refused([.reshape([2, 5, 1])]).contains("reshapes time"))
        #expect(
            try refused([.dense(weights: Array(repeating: 0, count: 10), bias: [0])], frames: 4)
                .contains("a window of 5 frames in a sequence of 4"))
    }
}
