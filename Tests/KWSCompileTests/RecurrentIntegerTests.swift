// SPDX-License-Identifier: Apache-2.0
//
// Goal: an LSTM or GRU in integers is what the float layer is, in every form, and library and
// reference agree on it byte for byte, with the blocks of every core.
// Method: random networks of one to three recurrent layers, calibrated on random inputs.

import KWSCompile
import KWSEmit
import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RecurrentIntegerTests {
    private func quantised(
        _ graph: FloatGraph, _ inputs: [[Float]], _ input: Quantisation, weights: Int,
        isCalibrated: Bool = true
    ) throws -> QuantGraph {
        var calibration = Calibration(graph, inputs: inputs)
        if isCalibrated {
            calibration.recurrentMoments = RecurrentMoments.of(graph, inputs: inputs)
        } else {
            calibration.states = [:]
        }
        return try Quantise(
            calibration: calibration,
            input: InputQuantisation(input, hasFinePlane: false),
            widths: Widths(weights: weights))(graph)
    }

    private func block(_ graph: QuantGraph, _ variant: KernelVariant) -> ModelBlock {
        ModelBlock(
            CompiledModel(
                graph: graph, plan: PlanMemory(variant)(graph), variant: variant,
                labels: ["a", "b", "c"], frontEnd: nil, detection: nil, sourceHash: 0))
    }

    @Test(arguments: 0..<120 as Range<UInt64>) func libraryIsTheReference(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try random.recurrent()
        let count = graph.shape(of: graph.input).elements
        var integers = try quantised(
            graph, (0..<4).map { _ in random.numbers(count) }, Quantisation(lower: -1, upper: 1),
            weights: [8, 4, 3, 2][Int(seed % 4)], isCalibrated: seed % 3 != 0)
        makeSparse(&integers, &random)
        let features = (0..<count).map { _ in UInt8(random.integer(0...255)) }
        let comment = "seed \(seed)"
        try expectSameBytes(block(integers, .portable), integers, features, comment)
        let expected = try referenceLayers(block(integers, .portable), features, comment)
        for variant in KernelVariant.all {
            #expect(
                try referenceLayers(block(integers, variant), features, comment) == expected,
                "\(comment), \(variant.name)")
        }
    }

    /// Sets most weights of half of the layers to 0, those of some rows all, and stores them as gaps.
    private func makeSparse(_ graph: inout QuantGraph, _ random: inout RandomGraphs) {
        for index in graph.layers.indices where random.integer(0...1) == 0 {
            guard case .recurrent(var layer) = graph.layers[index].operation else { continue }
            for first in stride(from: 0, to: layer.weights.count, by: 8) {
                let kept = random.integer(0...3)
                for at in first..<min(first + 8, layer.weights.count)
                where random.integer(0...9) >= kept {
                    layer.weights[at] = 0
                }
            }
            graph.layers[index].operation = .recurrent(layer)
            graph.layers[index].storage = .gaps
        }
    }

    /// Bytes and weights of 8 bits leave errors of a few of 256 steps a layer, and gates shrink what a
    /// state carries on: a twentieth of the output's range is room for three layers, and far below what
    /// a formula with another sign, order or scale would be off by.
    @Test(arguments: 0..<120 as Range<UInt64>) func isCloseToFloat(seed: UInt64) throws {
        var random = RandomGraphs(seed: seed)
        let graph = try random.recurrent()
        let count = graph.shape(of: graph.input).elements
        let grid = Quantisation(lower: -1, upper: 1)
        let bytes = (0..<8).map { _ in (0..<count).map { _ in UInt8(random.integer(0...255)) } }
        let inputs = bytes.map { $0.map { Float(grid.real($0)) } }
        let integers = try quantised(graph, inputs, grid, weights: 8)
        var evaluator = FloatEvaluator(graph)
        for (features, input) in zip(bytes, inputs) {
            let found = try referenceLayers(block(integers, .portable), features, "seed \(seed)")
            evaluator.run(input)
            for (index, layer) in integers.layers.enumerated() {
                guard case .recurrent = layer.operation else { continue }
                let tensor = integers.tensors[layer.output.index]
                let expected = evaluator[tensor.value]
                let square = zip(found[index + 1], expected).reduce(0.0) {
                    let off = tensor.quantisation.real($1.0) - Double($1.1)
                    return $0 + off * off
                }
                let error = (square / Double(expected.count)).squareRoot()
                #expect(
                    error < 255 * tensor.quantisation.scale / 20,
                    "seed \(seed), \(layer.name), \(graph.nodes[index].operation)")
            }
        }
    }
}
