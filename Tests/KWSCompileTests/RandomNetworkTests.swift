// SPDX-License-Identifier: Apache-2.0
//
// Goal: whatever the planner decides (chains, rings, outputs in their input's memory), the library
// computes what the reference computes, which gives every tensor a place of its own.
// Method: random networks, with sums and concatenations or all windows, at all widths.

import KWSEmit
import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RandomNetworkTests {
    @Test(arguments: 0..<300 as Range<UInt64>) func everyLayerAgrees(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        var graph = seed % 2 == 0 ? try random.chain() : try random.network()
        let count = graph.shape(of: graph.input).elements
        try run(standardPasses, on: &graph)
        let widths = Widths(
            weights: [8, 4, 3, 2][Int(seed / 2 % 4)], activations: [8, 8, 4, 2][Int(seed / 8 % 4)])
        var quantised: QuantGraph
        do {
            quantised = try Quantise(
                calibration: Calibration(ranges: graph.values.map { _ in (-2, 2) }),
                input: InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false),
                widths: widths)(graph)
        } catch {
            // Counts of few bits may be larger than the steps of a clip's range; that is refused.
            #expect("\(error)".contains("requantisation by"), "seed \(seed)")
            return
        }
        makeSparse(&quantised, &random)
        let integers = quantised
        func block(_ plan: MemoryPlan, _ variant: KernelVariant = .portable) -> ModelBlock {
            ModelBlock(
                CompiledModel(
                    graph: integers, plan: plan, variant: variant,
                    labels: (0..<integers.classCount).map { "\($0)" }, frontEnd: nil,
                    detection: nil, sourceHash: 0))
        }
        let features = (0..<count).map { _ in UInt8(random.integer(0...255)) }
        let comment = "seed \(seed), \(widths)"
        for plan in [PlanMemory()(integers), PlanMemory.whole(integers)] {
            try expectSameBytes(block(plan), integers, features, comment)
        }
        let expected = try referenceLayers(block(PlanMemory()(integers)), features, comment)
        for variant in KernelVariant.all {
            let found = try referenceLayers(
                block(PlanMemory(variant)(integers), variant), features, comment)
            #expect(found == expected, "\(comment), \(variant.name)")
        }
    }

    /// Sets most weights of some DENSE and POINTWISE layers to 0 and stores them in either way.
    private func makeSparse(_ graph: inout QuantGraph, _ random: inout RandomGraphs) {
        for index in graph.layers.indices where random.integer(0...1) == 0 {
            func thinned(_ weights: [Int8]) -> [Int8] {
                weights.map { random.integer(0...9) < 7 ? 0 : $0 }
            }
            switch graph.layers[index].operation {
            case .dense(let weights, let requantisation):
                graph.layers[index].operation = .dense(weights: thinned(weights), requantisation)
            case .pointwise(let weights, let requantisation):
                graph.layers[index].operation = .pointwise(
                    weights: thinned(weights), requantisation)
            default: continue
            }
            graph.layers[index].storage = random.integer(0...1) == 0 ? .gaps : .blocks
        }
    }
}
