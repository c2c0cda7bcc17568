// SPDX-License-Identifier: Apache-2.0
//
// Goal: no byte of the arena is overwritten while somebody still needs it.
// Method: the engine's order of rows (SPEC.md 4.1) is simulated: every row written, scratch and the
// counts mark their bytes with their owner, and every row read must still own all of its bytes.
// Written independently of the planner's lifetimes.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct PlanMemoryTests {
    static func quantised(
        _ graph: FloatGraph, widths: Widths = Widths()
    ) throws -> QuantGraph {
        var graph = graph
        try run(standardPasses, on: &graph)
        return try Quantise(
            calibration: Calibration(ranges: graph.values.map { _ in (-1, 1) }), input: .unit,
            widths: widths)(graph)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func liveBytesKeepTheirOwner(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try Self.quantised(
            random.network(), widths: Widths(activations: [8, 8, 4, 2][Int(seed % 4)]))
        let plan = PlanMemory()(graph)
        #expect(plan.arenaBytes >= plan.lowerBound)
        ArenaSimulation(graph, plan).run("seed \(seed)")
    }

    /// Deep networks of windows only: chains, rings and outputs that trail.
    @Test(arguments: 1000..<1200 as Range<UInt64>)
    func chainsKeepTheRowsTheyNeed(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try Self.quantised(
            random.chain(), widths: Widths(activations: [8, 8, 4, 2][Int(seed % 4)]))
        let plan = PlanMemory()(graph)
        ArenaSimulation(graph, plan).run("seed \(seed)")
        #expect(plan.arenaBytes <= PlanMemory.whole(graph).arenaBytes, "seed \(seed)")
    }

    /// The DS-CNN's shape: three rows of each activation, of which two are those of the depthwise
    /// kernel in place.
    @Test func depthwiseSeparableBlocksStream() throws {
        let graph = try Self.quantised(Self.depthwiseSeparable(pool: true))
        let plan = PlanMemory()(graph)
        // Input, four rings of 3 * 5 * 64, sums of 64 channels, 4 bytes for each of 10 layers, a pixel
        // saved by the last pointwise layer; the mean lies where the rings are done with.
        #expect(plan.arenaBytes <= 492 + 4 * 960 + 128 + 40 + 64 + 64)
        #expect(plan.arenaBytes == plan.lowerBound)
        #expect(plan.chained.count { $0 } == 9)
        ArenaSimulation(graph, plan).run("DS-CNN")
    }

    /// With 640 bytes of scratch for every pointwise layer, once for all of them.
    @Test func scratchOfTheLayersOfAChainLiesInOnePlace() throws {
        var variant = KernelVariant.portable
        variant.scratchBytes = { layer, _, _, _ in
            if case .pointwise = layer.operation { 640 } else { 0 }
        }
        let graph = try Self.quantised(Self.depthwiseSeparable(pool: true))
        let plan = PlanMemory(variant)(graph)
        #expect(plan.arenaBytes == 492 + 4 * 960 + 128 + 40 + 640)
        ArenaSimulation(graph, plan).run("DS-CNN with scratch")
    }

    /// Where no chain ends early, whole tensors in place are as good: 25x5x64 and a row above.
    @Test func wholeTensorsTrailTheirInputs() throws {
        let graph = try Self.quantised(Self.depthwiseSeparable(pool: false))
        let plan = PlanMemory.whole(graph)
        ArenaSimulation(graph, plan).run("whole")
        // Each of four depthwise layers moves up by one row of 5 * 64.
        #expect(plan.arenaBytes <= 8000 + 4 * 320 + 4 + 64)
    }

    static func depthwiseSeparable(pool: Bool) throws -> FloatGraph {
        var random = RandomGraphs(seed: 7)
        var graph = FloatGraph(name: "ds", inputShape: [49, 10, 1])
        var value = try graph.append(
            .convolution(
                Window(kernel: (10, 4), stride: (2, 2), padding: (4, 5, 1, 1)),
                weights: random.numbers(64 * 40), bias: random.numbers(64)),
            name: "conv0", inputs: [graph.input])
        for block in 1...4 {
            value = try graph.append(
                .depthwise(
                    Window(kernel: (3, 3), padding: (1, 1, 1, 1)), weights: random.numbers(9 * 64),
                    bias: random.numbers(64)), name: "dw\(block)", inputs: [value])
            value = try graph.append(
                .convolution(
                    Window(kernel: (1, 1)), weights: random.numbers(64 * 64),
                    bias: random.numbers(64)), name: "pw\(block)", inputs: [value])
        }
        if pool {
            try graph.append(
                .averagePool(Window(kernel: (25, 5))), name: "pool", inputs: [value])
        }
        return graph
    }
}

/// Runs a plan without numbers.
struct ArenaSimulation {
    private enum Owner: Hashable {
        case nobody, progress
        case row(tensor: Int, row: Int)
        case scratch(layer: Int)
    }

    private let graph: QuantGraph
    private let plan: MemoryPlan
    private var owners: [Owner]

    init(_ graph: QuantGraph, _ plan: MemoryPlan) {
        (self.graph, self.plan) = (graph, plan)
        owners = Array(repeating: .nobody, count: plan.arenaBytes)
    }

    func run(_ comment: String) {
        var copy = self
        copy.simulate(comment)
    }

    private mutating func simulate(_ comment: String) {
        for row in 0..<graph.input.height { write(0, row) }
        var first = 0
        while first < graph.layers.count {
            var end = first + 1
            while end < graph.layers.count, plan.chained[end] { end += 1 }
            chain(first..<end, comment)
            first = end
        }
        let scores = graph.layers[graph.layers.count - 1].output.index
        #expect(owns(scores, 0), "\(comment): the scores are gone")
    }

    private mutating func chain(_ layers: Range<Int>, _ comment: String) {
        #expect(plan.progress.bytes >= 4 * layers.count)
        for byte in plan.progress.offset..<plan.progress.end { owners[byte] = .progress }
        var done = layers.map { _ in 0 }
        while true {
            let next = layers.indices.reversed().first { index in
                let place = index - layers.lowerBound
                guard done[place] < steps(index) else { return false }
                return place == 0 || needed(index, done[place]).upperBound <= done[place - 1]
            }
            guard let index = next else { break }
            step(index, done[index - layers.lowerBound], comment)
            done[index - layers.lowerBound] += 1
            let counts = owners[plan.progress.offset..<plan.progress.end]
            #expect(counts.allSatisfy { $0 == .progress }, "\(comment): counts are overwritten")
        }
        #expect(done == layers.map { steps($0) }, "\(comment): the chain stands still")
    }

    /// Whether a layer takes in rows instead of writing them, one at a time.
    private func isByInput(_ index: Int) -> Bool {
        switch graph.layers[index].operation {
        case .mean, .place: true
        default: false
        }
    }

    private func steps(_ index: Int) -> Int {
        let layer = graph.layers[index]
        let tensor = isByInput(index) ? layer.inputs[0] : layer.output
        return graph.tensors[tensor.index].height
    }

    /// Rows of the input that a step reads.
    private func needed(_ index: Int, _ step: Int) -> Range<Int> {
        let layer = graph.layers[index]
        let height = graph.tensors[layer.inputs[0].index].height
        if isByInput(index) { return step..<step + 1 }
        guard let window = layer.operation.window else {
            if case .add = layer.operation { return step..<step + 1 }
            return 0..<height
        }
        let top = step * window.strideHeight - window.top
        let end = min(height, max(0, top + window.kernelHeight))
        return min(end, max(0, top))..<end
    }

    private mutating func step(_ index: Int, _ step: Int, _ comment: String) {
        let layer = graph.layers[index]
        let out = layer.output.index
        if case .view = layer.operation, step > 0 { return }
        for input in layer.inputs.map(\.index) {
            for row in needed(index, step) {
                #expect(
                    owns(input, row),
                    "\(comment): \(layer.name), step \(step), row \(row) of t\(input) is gone")
            }
        }
        if let scratch = plan.scratch[index] {
            if case .mean = layer.operation, step > 0 {
                #expect(
                    owners[scratch.offset..<scratch.end].allSatisfy {
                        $0 == .scratch(layer: index)
                    },
                    "\(comment): the sums of \(layer.name) are overwritten")
            }
            for byte in scratch.offset..<scratch.end { owners[byte] = .scratch(layer: index) }
            for row in needed(index, step) {
                #expect(
                    owns(layer.inputs[0].index, row),
                    "\(comment): the scratch of \(layer.name) lies on row \(row) of its input")
            }
        }
        switch layer.operation {
        case .mean:
            if step == steps(index) - 1 { write(out, 0) }
        case .place(let row, _, _, _):
            write(out, row + step)
        case .view:
            #expect(plan.tensors[out].offset == plan.tensors[layer.inputs[0].index].offset)
            // Both are there; rows of either may be read.
            let later = graph.layers[(index + 1)...]
            if later.contains(where: { $0.inputs.contains(layer.inputs[0]) }) { return }
            for row in 0..<graph.tensors[out].height { write(out, row) }
        default:
            write(out, step)
        }
        if let scratch = plan.scratch[index] {
            let isWhole = owners[scratch.offset..<scratch.end]
                .allSatisfy { $0 == .scratch(layer: index) }
            #expect(isWhole, "\(comment): the output of \(layer.name) lies on its scratch")
        }
    }

    private func bytes(_ tensor: Int, _ row: Int) -> Range<Int> {
        let (slots, size) = (plan.slots[tensor], graph.tensors[tensor].rowBytes)
        let start = plan.tensors[tensor].offset + (row + slots.phase) % slots.rows * size
        return start..<start + size
    }

    private mutating func write(_ tensor: Int, _ row: Int) {
        #expect(plan.tensors[tensor].offset % 4 == 0 && plan.tensors[tensor].offset >= 0)
        for byte in bytes(tensor, row) { owners[byte] = .row(tensor: tensor, row: row) }
    }

    private func owns(_ tensor: Int, _ row: Int) -> Bool {
        bytes(tensor, row).allSatisfy { owners[$0] == .row(tensor: tensor, row: row) }
    }
}

extension InputQuantisation {
    /// -1...1 in one plane.
    static let unit = InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false)
}
