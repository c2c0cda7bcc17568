// SPDX-License-Identifier: Apache-2.0
//
// Goal: the integer network computes what training to be rounded saw.
// Method: the nets of Tests/Fixtures/ONNX with grids fitted to random inputs, compiled with these grids.
// Training rounds in floats; integers differ where a 16-bit multiplier, off by up to 2^-15 of itself,
// carries a sum over the border between two levels: in an 8-bit tensor, up to 255 * 2^-15 = 0.8 % of
// the numbers move by one step, either way. A step is 6/255 of the signal's RMS at most (as in
// WholeWayTests), so eight layers make an error of energy 8 * 0.008 * (6 / 255)^2 = 4e-5; narrower
// tensors have larger steps, but fewer by the same factor: 8 * 3 * 2^-15 * (6 / 3)^2 = 3e-3 with 2 bits.
// Channels with smaller multipliers than the largest are coarser, by a factor that is small in random
// networks; 0.01 holds them all. A recurrent layer's gates and states have errors of a few 2^-13, a
// twentieth of a step of its bytes: so many of them move by a step, and 0.05 * (6 / 255)^2 = 3e-5, carried
// through a few time steps, is far below that, too. Another grid, zero point or tensor makes 2-bit outputs unlike.

import Foundation
import KWSCompile
import KWSEvaluate
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSPasses
import KWSTrain
import Testing

struct LearnedGridTests {
    @Test(
        arguments: WholeWayTests.files,
        [
            (8, 8, false), (4, 4, false), (2, 2, false), (3, 4, false), (2, 4, true), (4, 2, true),
            (2, 8, true),
        ])
    func integersFollowTraining(
        file: String, bits: (weights: Int, activations: Int, normalises: Bool)
    ) throws {
        var loaded = try ModelFile.load(
            path: WholeWayTests.folder.appendingPathComponent(file).path)
        var random = SplitMix64(seed: 11)
        let count = loaded.graph.shape(of: loaded.graph.input).elements
        let inputs = (0..<40).map { _ in
            (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
        }
        let input = InputQuantisation(features: inputs, hasFinePlane: false)
        try run(standardPasses, on: &loaded.graph)
        var options = TrainableNetwork.Options(batch: inputs.count, threads: 2)
        options.quantisation = NetworkQuantisation(
            input: input, weights: .fixed(bits.weights), activations: .fixed(bits.activations))
        options.quantisation?.normalises = bits.normalises
        let network = try TrainableNetwork(loaded.graph, options)
        _ = network.inputs.update(fromContentsOf: inputs.flatMap { $0.map(input.rounded) })
        if bits.normalises { moveNorms(network, samples: inputs.count, &random) }
        network.fitGrids(samples: inputs.count)
        network.forward(samples: inputs.count, statistics: .frozen)

        loaded.graph = network.graph
        loaded.description.quantisation = network.learnedQuantisation
        let compilation = try Compilation(loaded, features: [])
        for layer in compilation.model.graph.layers where !layer.operation.weights.isEmpty {
            #expect(layer.weightBits == bits.weights)
        }
        let logits = try #require(compilation.model.graph.tensors.last)
        let endsInSoftmax = loaded.graph.nodes.last?.operation.name == "softmax"
        let reference = try ReferenceBlock(compilation.block.bytes, name: file)
        let classes = network.outputElements
        var (error, power) = (0.0, 0.0)
        for (index, features) in inputs.enumerated() {
            let scores = try reference.withSpotter { spotter throws(EvaluationError) in
                Result {
                    try spotter.scores(of: features.map { input.quantisation.quantise(Double($0)) })
                }
            }.get()
            let seen = network.logits[index * classes..<(index + 1) * classes].map(Double.init)
            let expected = endsInSoftmax ? softmax(seen) : seen
            for (q, x) in zip(scores, expected) {
                // Scores have steps of their own.
                let found = logits.quantisation.real(q)
                let rest = endsInSoftmax ? max(0, abs(found - x) - 0x1p-8) : found - x
                error += rest * rest
                power += x * x
            }
        }
        #expect(error <= 0.01 * power, "\(file): \((error / power).squareRoot())")
    }

    /// Where 2-bit weights make counts of the accumulator as large as steps of the output, biases are
    /// whole, half or quarter steps, and which they are depends on the norm's gains. One layer: an
    /// 8-bit number differs only where the multiplier, off by 2^-15 of itself at most, carries one of up to
    /// 255 steps over a border: 0.8 % of 800, 6.4 with a deviation of 2.5; 16 is about four of them away.
    /// Grids of other gains make 150 and more differ.
    @Test(arguments: 1...8)
    func aLayerRoundsAsWhatItsNormIsFoldedInto(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func numbers(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
        }
        var graph = FloatGraph(name: "net", inputShape: [1, 1, 6])
        try graph.append(
            .convolution(Window(kernel: (1, 1)), weights: numbers(24), bias: numbers(4)),
            name: "layer", inputs: [graph.input])
        // Logits have no norm: a pool that changes nothing makes them.
        try graph.append(
            .maxPool(Window(kernel: (1, 1))), name: "logits", inputs: [graph.output])
        let inputs = (0..<200).map { _ in numbers(6) }
        let input = InputQuantisation(features: inputs, hasFinePlane: false)
        var options = TrainableNetwork.Options(batch: inputs.count, threads: 1)
        options.quantisation = NetworkQuantisation(
            input: input, weights: .fixed(2), activations: .fixed(8))
        options.quantisation?.normalises = true
        let network = try TrainableNetwork(graph, options)
        _ = network.inputs.update(fromContentsOf: inputs.flatMap { $0.map(input.rounded) })
        moveNorms(network, samples: inputs.count, &random)
        network.fitGrids(samples: inputs.count)
        network.forward(samples: inputs.count, statistics: .frozen)
        var description = ModelDescription(
            name: "net", labels: ["a", "b", "c", "d"], keywords: [])
        description.quantisation = network.learnedQuantisation
        let compilation = try Compilation(
            LoadedModel(graph: network.graph, description: description, sourceHash: 0, notes: []),
            features: [])
        let logits = try #require(compilation.model.graph.tensors.last).quantisation
        let reference = try ReferenceBlock(compilation.block.bytes, name: "net")
        var different = 0
        for (index, features) in inputs.enumerated() {
            let scores = try reference.withSpotter { spotter throws(EvaluationError) in
                Result {
                    try spotter.scores(of: features.map { input.quantisation.quantise(Double($0)) })
                }
            }.get()
            for (c, q) in scores.enumerated()
            where q != logits.quantise(Double(network.logits[index * 4 + c])) { different += 1 }
        }
        #expect(different <= 16, "\(different) of 800")
    }

    /// Batch norms as training leaves them: moments of what went by, gains and offsets of their own.
    private func moveNorms(_ network: TrainableNetwork, samples: Int, _ random: inout SplitMix64) {
        network.startNorms(samples: samples)
        network.fitGrids(samples: samples)
        for _ in 0..<3 { network.forward(samples: samples, statistics: .live(momentum: 0.3)) }
        for slice in network.parameters.slices where slice.role == .scale {
            for i in slice.range {
                network.parameters.values[i] *= Float.random(in: 0.5...2, using: &random)
            }
        }
    }

    private func softmax(_ x: [Double]) -> [Double] {
        let most = x.max() ?? 0
        let powers = x.map { exp($0 - most) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    /// A recurrent layer's grids, one thing wrong at a time.
    @Test(arguments: [
        ("steps", "steps for 34 rows"), ("cells", "no range of its cells"),
        ("bits", "a state has 8"), ("weights", "has no steps of weights"),
        ("stateful", "stateful, and trained on grids"),
    ])
    func gridsOfStatesAreChecked(what: String, fact: String) throws {
        var graph = FloatGraph(name: "net", inputShape: [3, 1, 2])
        let numbers = (0..<100).map { Float($0 % 7) / 7 - 0.4 }
        let lstm = LSTM(
            Recurrence(inputs: 2, units: 4, returnsSequence: false), weights: Array(numbers[..<32]),
            recurrentWeights: Array(numbers[..<32]), bias: Array(numbers[..<16]),
            projection: Array(numbers[..<8]))
        try graph.append(.lstm(lstm), name: "lstm", inputs: [graph.input])
        var options = TrainableNetwork.Options(batch: 1, threads: 1)
        let input = InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false)
        options.quantisation = NetworkQuantisation(
            input: input, weights: .fixed(4), activations: .fixed(8))
        let network = try TrainableNetwork(graph, options)
        _ = network.inputs.update(fromContentsOf: numbers[..<6])
        network.fitGrids(samples: 1)
        var learned = try #require(network.learnedQuantisation)
        _ = try Quantise(learned: learned)(network.graph)
        var description = ModelDescription(
            name: "net", labels: ["a", "b"], keywords: [])
        switch what {
        case "steps": learned.layers[0].weights?.steps.removeLast()
        case "cells": learned.layers[0].cellRange = nil
        case "bits": learned.layers[0].output.bits = 4
        case "weights": learned.layers[0].weights = nil
        default: description.isStateful = true
        }
        description.quantisation = learned
        let model = LoadedModel(
            graph: network.graph, description: description, sourceHash: 0, notes: [])
        let error = #expect(throws: GraphError.self) { try Compilation(model, features: []) }
        #expect(error?.fact.contains(fact) == true, "\(error?.fact ?? "")")
    }

    @Test func gridsThatDoNotFitTheNetworkAreRefused() throws {
        let file = try #require(WholeWayTests.files.first)
        var loaded = try ModelFile.load(
            path: WholeWayTests.folder.appendingPathComponent(file).path)
        loaded.description.quantisation = LearnedQuantisation(
            input: InputQuantisation(Quantisation(scale: 1, zeroPoint: 0), hasFinePlane: false),
            layers: [])
        let error = #expect(throws: GraphError.self) {
            try Compilation(loaded, features: [])
        }
        #expect(error?.fact == "the description's quantisation has no such layer")
    }
}
