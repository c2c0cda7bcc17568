// SPDX-License-Identifier: Apache-2.0
//
// Goal: a stateful network goes on from decision to decision in the library as in the reference, and
// along a sequence in floats; windows that would leave steps out or take them twice are refused.
// Method: random recurrent networks behind a convolution along time.

import Glibc
import KWSCompile
import KWSEvaluate
import KWSGraph
import KWSModelFile
import KWSTestModels
import Testing

struct StatefulGraphTests {
    /// Rows of 3, a convolution of 3 rows every 2, an LSTM or GRU over what is left of a window.
    static func graph(frames: Int, isBackward: Bool = false, pads: Bool = false) throws
        -> FloatGraph
    {
        var random = RandomGraphs(seed: 5)
        var graph = FloatGraph(name: "net", inputShape: [frames, 3, 1])
        let window = Window(
            kernel: (3, 1), stride: (2, 1), padding: pads ? (1, 1, 0, 0) : (0, 0, 0, 0))
        let rows = try graph.append(
            .convolution(window, weights: random.numbers(12), bias: random.numbers(4)),
            name: "conv", inputs: [graph.input])
        let form = Recurrence(
            inputs: 12, units: 5, isBackward: isBackward, returnsSequence: false)
        let last = try graph.append(
            .lstm(
                LSTM(
                    form, weights: random.numbers(20 * 12), recurrentWeights: random.numbers(100),
                    bias: random.numbers(20))),
            name: "lstm", inputs: [rows])
        let logits = try graph.append(
            .dense(weights: random.numbers(10), bias: [0, 0]), name: "fc", inputs: [last])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    @Test func decisionsGoOn() throws {
        var random = TestRandom(seed: 8)
        let sequences = (0..<8).map { _ in (0..<40 * 3).map { _ in Float(random.unit() * 4 - 2) } }
        let graph = try Self.graph(frames: 5)
        let compiled = try Compilation(
            LoadedModel(
                graph: graph,
                description: ModelDescription(
                    name: "net", labels: ["a", "b"], keywords: [], isStateful: true),
                sourceHash: 0, notes: []),
            features: sequences)
        let input = compiled.input
        // Five frames have two steps; a decision brings four new frames.
        let windows: [[Float]] = (0..<9).map { index in
            Array(sequences[0][12 * index..<12 * index + 15])
        }
        let bytes = windows.map { $0.map { input.quantisation.quantise(Double($0)) } }
        let found = try LoadedBlock(compiled.block.bytes, name: "net").withSpotter {
            spotter throws(EvaluationError) in
            Result { try bytes.map { try spotter.scores(of: $0) } }
        }.get()
        let expected = try ReferenceBlock(compiled.block.bytes, name: "net").withSpotter {
            spotter throws(EvaluationError) in
            Result { try bytes.map { try spotter.scores(of: $0) } }
        }.get()
        #expect(found == expected)
        let alone = try ReferenceBlock(compiled.block.bytes, name: "net").withSpotter {
            spotter throws(EvaluationError) in
            Result { try spotter.scores(of: bytes[8]) }
        }.get()
        #expect(alone != found[8])

        // Nearer to the float network along the sequence than to one that begins each window anew.
        let along = try UnrolledGraph(compiled.floatGraph, frames: 37)
        var stream = FloatEvaluator(along.graph)
        let logits = stream(Array(sequences[0].prefix(37 * 3)))
        var anew = FloatEvaluator(compiled.floatGraph)
        var (near, far) = (Float(0), Float(0))
        for (decision, scores) in found.enumerated().dropFirst() {
            let row = 2 * decision + 1
            let odds = exp(Double(logits[2 * row + 1]) - Double(logits[2 * row]))
            near += abs(Float(scores[0]) / 256 - Float(1 / (1 + odds)))
            far += abs(Float(scores[0]) / 256 - anew(windows[decision])[0])
        }
        #expect(near < far)
    }

    @Test(arguments: [(5, 4), (7, 6), (3, 2)])
    func windowsOfNewStepsAreTaken(frames: Int, hops: Int) throws {
        let stateful = try StatefulGraph(Self.graph(frames: frames), hops: hops, frames: 40)
        #expect(stateful.graph.isStateful)
    }

    @Test(arguments: [
        (5, 2, "allowed is a window of 3"), (7, 4, "allowed is a window of 5"),
        (5, 3, "allowed is decisions after multiples of 2"),
    ])
    func otherWindowsAreRefused(frames: Int, hops: Int, fact: String) throws {
        let graph = try Self.graph(frames: frames)
        do {
            _ = try StatefulGraph(graph, hops: hops, frames: 40)
            Issue.record("a window of \(frames) every \(hops) was taken")
        } catch {
            #expect("\(error)".contains(fact), "\(error)")
        }
    }

    /// What sums over steps of the LSTM makes no window of more steps right.
    @Test(arguments: [(6, 4), (6, 1), (5, 3), (1, 1)])
    func windowsOfOldStepsAreRefused(frames: Int, hops: Int) throws {
        var random = RandomGraphs(seed: 6)
        var graph = FloatGraph(name: "net", inputShape: [frames, 3, 1])
        let rows = try graph.append(
            .lstm(
                LSTM(
                    Recurrence(inputs: 3, units: 5), weights: random.numbers(60),
                    recurrentWeights: random.numbers(100), bias: random.numbers(20))),
            name: "lstm", inputs: [graph.input])
        try graph.append(
            .dense(weights: random.numbers(10 * frames), bias: [0, 0]), name: "fc", inputs: [rows])
        if frames == hops {
            #expect(try StatefulGraph(graph, hops: hops, frames: 40).graph.isStateful)
        } else {
            #expect {
                try StatefulGraph(graph, hops: hops, frames: 40)
            } throws: {
                "\($0)".contains("lstm") && "\($0)".contains("allowed is a window of \(hops)")
            }
        }
    }

    /// A convolution that pads above needs no frames of the window for its first step.
    @Test func paddingAboveShortensTheWindow() throws {
        func graph(frames: Int) throws -> FloatGraph {
            var graph = try Self.graph(frames: frames)
            guard case .convolution(var window, let weights, let bias) = graph.nodes[0].operation
            else { return graph }
            window.top = 1
            var padded = FloatGraph(name: "net", inputShape: [frames, 3, 1])
            for (index, node) in graph.nodes.enumerated() {
                _ = try padded.append(
                    index == 0
                        ? .convolution(window, weights: weights, bias: bias) : node.operation,
                    name: node.name, inputs: [padded.output])
            }
            graph = padded
            return graph
        }
        let stateful = try StatefulGraph(graph(frames: 4), hops: 4, frames: 40)
        #expect(stateful.hops == 4 && stateful.graph.isStateful)
        #expect(try StatefulGraph(graph(frames: 4), hops: nil, frames: 40).hops == 4)
        #expect {
            try StatefulGraph(graph(frames: 5), hops: 4, frames: 40)
        } throws: {
            "\($0)".contains("allowed is a window of 4")
        }
    }

    /// A mean over the last rows of a convolution that pads above.
    static func running(top: Int = 2) throws -> LoadedModel {
        var random = RandomGraphs(seed: 7)
        var graph = FloatGraph(name: "running", inputShape: [8, 3, 1])
        let rows = try graph.append(
            .convolution(
                Window(kernel: (3, 3), padding: (top, 0, 0, 0)), weights: random.numbers(36),
                bias: random.numbers(4)), name: "conv", inputs: [graph.input])
        let (height, _, _) = graph.shape(of: rows).image
        let mean = try graph.append(
            .averagePool(Window(kernel: (height, 1))), name: "mean", inputs: [rows])
        try graph.append(
            .dense(weights: random.numbers(8), bias: [0, 0]), name: "fc",
            inputs: [graph.append(.reshape([4]), name: "flat", inputs: [mean])])
        try graph.append(.softmax, name: "softmax", inputs: [graph.output])
        return LoadedModel(
            graph: graph,
            description: ModelDescription(
                name: "running", labels: ["a", "b"], keywords: [], isStateful: true),
            sourceHash: 0, notes: [])
    }

    /// The window's zeros are the stream's at its beginning, and nowhere else.
    @Test func aSequenceIsPaddedOnce() throws {
        var random = TestRandom(seed: 9)
        let graph = try Self.running().graph.stateful
        let along = try UnrolledGraph(graph, frames: 20)
        #expect((along.field, along.stride, along.rows) == (8, 1, 13))
        let inputs = (0..<60).map { _ in Float(random.unit() * 2 - 1) }
        var stream = FloatEvaluator(along.graph)
        let found = stream(inputs)
        for rows in [8, 9, 20] {
            // One window of all frames so far, and a mean over its last eight rows.
            var longer = FloatGraph(name: "longer", inputShape: [rows, 3, 1])
            try longer.append(graph.nodes[0].operation, name: "conv", inputs: [longer.input])
            var evaluator = FloatEvaluator(longer)
            let last = Array(evaluator(Array(inputs[..<(3 * rows)])).suffix(32))
            guard case .dense(let weights, _) = graph.nodes[3].operation else { return }
            for output in 0..<2 {
                let sum = (0..<32).reduce(Float(0)) { $0 + last[$1] * weights[4 * output + $1 % 4] }
                // 32 products below 4, and their mean.
                #expect(abs(sum / 8 - found[2 * (rows - 8) + output]) < 32 * 4 * 0x1p-20)
            }
        }
    }

    @Test func whatGoesOnFromRowsRunsRowByRow() throws {
        let sequences = [[Float]](repeating: (0..<90).map { Float($0 % 7) / 7 }, count: 4)
        let compiled = try Compilation(Self.running(), features: sequences)
        #expect(compiled.model.graph.streaming == Streaming(layers: 1, hopRows: 1))
        #expect {
            try Compilation(
                Self.running(), features: sequences, options: .init(execution: .window))
        } throws: {
            "\($0)".contains("conv") && "\($0)".contains("--execution window")
        }
        // As much padding as the window has rows would be decisions on nothing.
        #expect(throws: GraphError.self) {
            try Compilation(Self.running(top: 3), features: sequences)
        }
    }

    @Test func whatCannotGoOnIsRefused() throws {
        var plain = FloatGraph(name: "net", inputShape: [4, 3, 1])
        try plain.append(.clip(lower: 0, upper: 1), name: "relu", inputs: [plain.input])
        for graph in [
            try Self.graph(frames: 5, isBackward: true), try Self.graph(frames: 5, pads: true),
            plain,
        ] {
            #expect(throws: GraphError.self) {
                try StatefulGraph(graph, hops: 4, frames: 40)
            }
        }
    }
}
