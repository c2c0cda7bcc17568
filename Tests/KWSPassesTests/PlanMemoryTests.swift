// SPDX-License-Identifier: Apache-2.0
//
// Goal: no byte of the arena is overwritten while somebody still needs it.
// Method: for random networks, every write (outputs, scratch) is checked against every tensor that
// is read later, by a simulation that marks who owns each byte; written independently of the
// planner's lifetimes.

import KWSGraph
import KWSPasses
import Testing

struct PlanMemoryTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func liveBytesKeepTheirOwner(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        var graph = try random.network()
        try run(standardPasses, on: &graph)
        let quantised = try Quantise(
            calibration: Calibration(ranges: graph.values.map { _ in (-1, 1) }), input: .unit)(
                graph)
        let plan = PlanMemory()(quantised)
        #expect(plan.arenaBytes >= plan.lowerBound)

        var owner = Array(repeating: -1, count: plan.arenaBytes)
        func take(_ range: MemoryPlan.Range, _ tensor: Int) {
            #expect(range.end <= plan.arenaBytes && range.offset % 4 == 0)
            for byte in range.offset..<range.end { owner[byte] = tensor }
        }
        take(plan.tensors[0], 0)
        for (index, layer) in quantised.layers.enumerated() {
            for input in layer.inputs {
                let range = plan.tensors[input.index]
                #expect(
                    owner[range.offset..<range.end].allSatisfy { $0 == input.index },
                    "seed \(seed): layer \(layer.name) reads bytes of another tensor")
            }
            if let scratch = plan.scratch[index] {
                for input in layer.inputs {
                    let range = plan.tensors[input.index]
                    #expect(scratch.end <= range.offset || range.end <= scratch.offset)
                }
                take(scratch, -2)
            }
            // Parts of a concatenation join in one output; a view's input stays readable.
            let out = layer.output.index
            if case .view = layer.operation {
                #expect(plan.tensors[out].offset == plan.tensors[layer.inputs[0].index].offset)
                let later = quantised.layers[(index + 1)...].contains {
                    $0.inputs.contains(layer.inputs[0])
                }
                if later { continue }
            }
            take(plan.tensors[out], out)
        }
    }

    /// The DS-CNN's shape: 25x5x64 in place all the way, the input beside it, two rows of scratch.
    @Test func depthwiseSeparableBlocksRunInPlace() throws {
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
        try run(standardPasses, on: &graph)
        let plan = PlanMemory()(
            try Quantise(
                calibration: Calibration(ranges: graph.values.map { _ in (-1, 1) }), input: .unit)(
                    graph))
        // 25 * 5 * 64 activations + 2 rows of 5 * 64 for the depthwise kernel.
        #expect(plan.arenaBytes == 8000 + 640)
        #expect(plan.arenaBytes == plan.lowerBound)
    }
}

extension InputQuantisation {
    /// -1...1 in one plane.
    static let unit = InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false)
}
