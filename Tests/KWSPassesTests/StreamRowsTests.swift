// SPDX-License-Identifier: Apache-2.0
//
// Goal: the layers that may keep rows are found, and what keeps the next one from it is named.
// Method: networks made for one reason each; and for random ones the planner's promise, that nothing
// else is written where rows are kept, by simulating one decision after the other.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct StreamRowsTests {
    /// 12 rows: windows of 3, of 4, then a mean over 7.
    static func network(
        _ change: (inout Window, inout Window) -> Void = { _, _ in }
    ) throws -> QuantGraph {
        var random = RandomGraphs(seed: 3)
        var (first, second) = (Window(kernel: (3, 1)), Window(kernel: (4, 1)))
        change(&first, &second)
        var graph = FloatGraph(name: "network", inputShape: [12, 2, 3])
        let a = try graph.append(
            .convolution(
                first, weights: random.numbers(4 * 3 * first.taps), bias: random.numbers(4)),
            name: "first", inputs: [graph.input])
        let b = try graph.append(
            .depthwise(second, weights: random.numbers(4 * second.taps), bias: random.numbers(4)),
            name: "second", inputs: [a])
        let (height, width, _) = graph.shape(of: b).image
        try graph.append(
            .averagePool(Window(kernel: (height, width))), name: "pool", inputs: [b])
        return try PlanMemoryTests.quantised(graph)
    }

    @Test func validWindowsKeepRowsAndTheMeanDoesNot() throws {
        let graph = try Self.network()
        let found = StreamRows(graph, hopRows: 1)
        #expect(found.streaming == Streaming(layers: 2, hopRows: 1))
        #expect(found.reason == "pool (mean) looks at all rows of its input")
        // Rows of 2 pixels: 10 and 1 of 4 * 9 products, 7 and 1 of 4 * 4, a mean of 7 * 2 * 4.
        #expect(found.windowOperations == 10 * 2 * 36 + 7 * 2 * 16 + 56)
        #expect(found.operations == 2 * 36 + 2 * 16 + 56)
        #expect(StreamRows(graph, hopRows: nil).streaming == found.streaming)
    }

    @Test(arguments: [
        (2, 2, "pool (mean) looks at all rows of its input"),
        (6, 2, "pool (mean) looks at all rows of its input"),
        (7, 1, "second makes 7 rows, all of them new at each decision"),
        (10, 0, "first makes 10 rows, all of them new at each decision"),
        (12, 0, "a decision every 12 rows of features finds all 12 of its window new"),
    ]) func longHopsKeepLess(hop: Int, layers: Int, reason: String) throws {
        let found = StreamRows(try Self.network(), hopRows: hop)
        #expect(found.streaming?.layers ?? 0 == layers)
        #expect(found.reason == reason)
    }

    @Test func paddingEndsIt() throws {
        let top = StreamRows(try Self.network { first, _ in first.top = 2 }, hopRows: 1)
        #expect(top.streaming == nil && top.reason == "first pads rows")
        #expect(top.operations == top.windowOperations)
        let bottom = StreamRows(try Self.network { _, second in second.bottom = 1 }, hopRows: 1)
        #expect(bottom.streaming?.layers == 1 && bottom.reason == "second pads rows")
        // Along frequency it does no harm.
        let aside = StreamRows(
            try Self.network { first, _ in
                first.kernelWidth = 3
                (first.left, first.right) = (1, 1)
            }, hopRows: 1)
        #expect(aside.streaming?.layers == 2)
    }

    @Test func stridesAndHopsGoTogether() throws {
        let graph = try Self.network { first, _ in (first.kernelHeight, first.strideHeight) = (4, 2)
        }
        #expect(StreamRows(graph, hopRows: 2).streaming == Streaming(layers: 2, hopRows: 2))
        let odd = StreamRows(graph, hopRows: 3)
        #expect(odd.streaming == nil)
        #expect(odd.reason == "first moves by 2 rows, and a decision brings 3")
        #expect(StreamRows(graph, hopRows: nil).streaming?.hopRows == 2)
        let short = try Self.network { first, _ in first.strideHeight = 2 }
        #expect(
            StreamRows(short, hopRows: 2).reason
                == "first leaves out the last of 12 rows of its input; it would stand on 3"
                + " and a multiple of 2 more")
    }

    @Test func branchesEndIt() throws {
        var graph = FloatGraph(name: "branches", inputShape: [12, 2, 3])
        var random = RandomGraphs(seed: 4)
        func pointwise(_ name: String, _ input: ValueID) throws -> ValueID {
            try graph.append(
                .convolution(
                    Window(kernel: (1, 1)), weights: random.numbers(9), bias: random.numbers(3)),
                name: name, inputs: [input])
        }
        let a = try pointwise("a", graph.input)
        let b = try pointwise("b", a)
        try graph.append(.add, name: "sum", inputs: [a, b])
        let found = StreamRows(try PlanMemoryTests.quantised(graph), hopRows: 1)
        #expect(found.streaming?.layers == 1)
        #expect(
            found.reason
                == "b stands where the network branches, and the last layer runs once a decision")
    }

    /// Both pad above by as many rows as their windows have more than one, and sums of one block.
    static func residual(isStateful: Bool, stride: Int = 1) throws -> QuantGraph {
        var random = RandomGraphs(seed: 5)
        var graph = FloatGraph(name: "residual", inputShape: [12, 1, 3])
        let first = Window(kernel: (3, 1), padding: (2, 0, 0, 0))
        let a = try graph.append(
            .convolution(first, weights: random.numbers(27), bias: random.numbers(3)), name: "a",
            inputs: [graph.input])
        let b = try graph.append(
            .depthwise(
                Window(kernel: (4, 1), padding: (3, 0, 0, 0)), weights: random.numbers(12),
                bias: random.numbers(3)), name: "b", inputs: [a])
        let sum = try graph.append(.add, name: "sum", inputs: [a, b])
        let c = try graph.append(
            .convolution(
                Window(kernel: (1 + stride, 1), stride: (stride, 1), padding: (1, 0, 0, 0)),
                weights: random.numbers(9 * (1 + stride)), bias: random.numbers(3)), name: "c",
            inputs: [sum])
        let (height, width, _) = graph.shape(of: c).image
        try graph.append(
            .averagePool(Window(kernel: (height, width))), name: "pool", inputs: [c])
        return try PlanMemoryTests.quantised(isStateful ? graph.stateful : graph)
    }

    @Test func rowsBeforeTheWindowAreThoseOfAStream() throws {
        let alone = StreamRows(try Self.residual(isStateful: false), hopRows: 1)
        #expect(alone.streaming == nil && alone.needed == 0 && alone.reason == "a pads rows")
        let graph = try Self.residual(isStateful: true, stride: 2)
        let found = StreamRows(graph, hopRows: 2)
        #expect(found.streaming == Streaming(layers: 4, hopRows: 2) && found.needed == 4)
        #expect(found.reason == "pool (mean) looks at all rows of its input")
        #expect(found.streaming?.newRows(graph) == [2, 2, 2, 2, 1])
        // A window of new rows only, for which a window alone would not do.
        #expect(StreamRows(graph, hopRows: 12).streaming == Streaming(layers: 4, hopRows: 12))
        #expect(StreamRows(graph, hopRows: 14).streaming == nil)
        let odd = StreamRows(graph, hopRows: 3)
        #expect(odd.streaming?.layers == 3 && odd.needed == 4)
        #expect(odd.reason == "c moves by 2 rows, and a decision brings 3")
    }

    @Test func frontEndsMayForbidIt() throws {
        let graph = try Self.network()
        let peak = StreamRows(graph, hopRows: 1, frontEnd: (12, true))
        #expect(peak.streaming == nil && peak.reason.contains("largest sample"))
        let flat = StreamRows(graph, hopRows: 1, frontEnd: (24, false))
        #expect(flat.streaming == nil && flat.reason.contains("24 frames as one row"))
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func whatIsKeptIsNobodyElses(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        var graph = try PlanMemoryTests.quantised(random.causal())
        guard let streaming = StreamRows(graph, hopRows: nil).streaming else { return }
        try expectKept(&graph, streaming, seed)
    }

    /// The same with rows before the window, and sums.
    @Test(arguments: 0..<200 as Range<UInt64>) func branchesKeepTheirRows(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        var graph = try PlanMemoryTests.quantised(random.causal(isStateful: true).stateful)
        let found = StreamRows(graph, hopRows: nil)
        guard let streaming = found.streaming else { return }
        // Some windows have fewer rows than the least hop brings.
        #expect(
            streaming.layers >= found.needed || found.reason.contains("a decision brings"),
            "\(found.reason)")
        try expectKept(&graph, streaming, seed)
    }

    private func expectKept(
        _ graph: inout QuantGraph, _ streaming: Streaming, _ seed: UInt64
    ) throws {
        graph.streaming = streaming
        for variant in KernelVariant.all {
            let plan = PlanMemory(variant)(graph)
            #expect(plan.arenaBytes >= plan.lowerBound)
            expectKept(graph, streaming, plan, "seed \(seed), \(variant.name)")
        }
    }

    /// Every byte that a tensor, scratch or count occupies has one owner while that lives.
    private func expectKept(
        _ graph: QuantGraph, _ streaming: Streaming, _ plan: MemoryPlan, _ comment: String
    ) {
        let counts = (2 * (streaming.layers + 1) + 3) & ~3
        // (bytes, first step, last step): step i is layer i; before and behind lies the front end.
        var uses = [(0..<counts, -1, graph.layers.count)]
        #expect(plan.keptBytes % 4 == 0 && plan.keptBytes <= plan.arenaBytes, "\(comment)")
        for tensor in 0...streaming.layers {
            let (x, rows) = (graph.tensors[tensor], plan.slots[tensor].rows)
            let readers = graph.layers.indices.filter {
                graph.layers[$0].inputs.contains(TensorID(tensor))
            }
            let most = readers.map { graph.layers[$0].operation.window?.kernelHeight ?? 1 }.max()
            #expect(rows == (tensor < streaming.layers ? most : x.height), "\(comment)")
            let (start, end) = (plan.tensors[tensor].offset, plan.tensors[tensor].end)
            let kept = start..<end - x.rowBytes
            if !kept.isEmpty { uses.append((kept, -1, graph.layers.count)) }
            #expect(kept.isEmpty || kept.upperBound <= plan.keptBytes, "\(comment)")
            // What is not streamed reads its rows before they move up, which the last layer waits for.
            let last = tensor < streaming.layers ? readers.max() ?? tensor : graph.layers.count - 1
            uses.append((end - x.rowBytes..<end, tensor - 1, last))
        }
        for (index, layer) in graph.layers.enumerated() {
            if let scratch = plan.scratch[index] {
                uses.append((scratch.offset..<scratch.end, index, index))
            }
            let output = plan.tensors[layer.output.index]
            if index >= streaming.layers {
                // It may lie in its input's memory, but not in that of rows. A view is where they are.
                if case .view = layer.operation { continue }
                for use in uses where use.1 < index && index <= use.2 {
                    #expect(
                        !use.0.overlaps(output.offset..<output.end), "\(comment), \(layer.name)")
                }
            }
        }
        for (number, a) in uses.enumerated() {
            for b in uses[..<number] where a.1 <= b.2 && b.1 <= a.2 {
                #expect(!a.0.overlaps(b.0), "\(comment), \(a), \(b)")
            }
        }
    }
}
