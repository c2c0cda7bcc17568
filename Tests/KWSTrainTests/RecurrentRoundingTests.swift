// SPDX-License-Identifier: Apache-2.0
//
// Goal: LSTM and GRU that round weights and what they put out, through time, compute what they state
// and have the gradients of the straight-through estimators, in every form.
// Method: the piecewise form in doubles and its central differences.

import KWSGraph
import KWSNumerics
import KWSTestModels
import KWSTrain
import Testing

struct RecurrentRoundingTests {
    /// - Parameter narrowing: by how much ranges are narrower than their best, in octaves, so that numbers
    ///   are clipped, or wider, so that none lies at their ends.
    @Test(arguments: [(4, 2), (2, 2), (8, 1)], [Float(-0.21), 0.37])
    func gradientsAreThoseOfTheEstimators(
        form: (bits: Int, threads: Int), narrowing: Float
    ) throws {
        var numbers = RandomGraphs(seed: 41)
        var random = SplitMix64(seed: UInt64(form.bits))
        let samples = 3
        var clipped = 0
        for (name, operation) in RecurrentTrainingTests.layers(units: 7, &numbers) {
            var graph = FloatGraph(
                name: name,
                inputShape: [RecurrentTrainingTests.steps, 1, RecurrentTrainingTests.inputs])
            try graph.append(operation, name: name, inputs: [graph.input])
            var options = TrainableNetwork.Options(batch: samples, threads: form.threads)
            options.quantisation = NetworkQuantisation(
                input: RoundingTests.input, weights: .fixed(form.bits), activations: .fixed(8))
            let network = try TrainableNetwork(graph, options)
            let batch = (0..<samples).map { _ in
                (0..<network.inputElements).map { _ in Double(Float(random.uniform(-1...1))) }
            }
            for (i, x) in batch.joined().enumerated() { network.inputs[i] = Float(x) }
            network.fitGrids(samples: samples)
            for slice in network.parameters.slices {
                switch slice.role {
                case .weightSize, .outputSize:
                    for i in slice.range { network.parameters.values[i] -= narrowing }
                // Below most cells.
                case .cellRange where narrowing > 0:
                    network.parameters.values[slice.range.lowerBound] = -2
                default: break
                }
            }
            let oracle = RoundedRecurrent(network, operation, bits: form.bits)
            let weighting = (0..<samples).map { _ in
                (0..<network.outputElements).map { _ in Double(Float(random.uniform(-1...1))) }
            }
            network.forward(samples: samples, statistics: .frozen)
            // As in `GradientCheck`, sums of 18 rows of 12 products in each of six steps, and of 8 at
            // most.
            let share = 16 * 18 * 6 * 0x1p-24
            let expected = oracle(batch).flatMap { $0 }
            let largest = expected.map(abs).max() ?? 0
            for (found, expected) in zip(network.logits, expected) {
                #expect(abs(Double(found) - expected) <= share * max(largest, 1), "\(name)")
            }
            for (i, number) in weighting.joined().enumerated() {
                network.logitsGradient[i] = Float(number)
            }
            network.backward(statistics: .frozen)
            func value() -> Double {
                zip(oracle(batch), weighting).reduce(0) { sum, pair in
                    zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 }
                }
            }
            let gradients = network.parameters.gradients.map(Double.init)
            let most = gradients.map(abs).max() ?? 1
            let h = 0x1p-20
            for slice in network.parameters.slices where slice.trainable {
                for i in slice.range.shuffled(using: &random).prefix(8) {
                    let now = oracle.parameters[i]
                    oracle.parameters[i] = now + h
                    let above = value()
                    oracle.parameters[i] = now - h
                    let below = value()
                    oracle.parameters[i] = now
                    let difference = (above - below) / (2 * h)
                    if slice.isOfGraph, difference == 0 { clipped += 1 }
                    #expect(
                        abs(gradients[i] - difference) <= share * max(1, most),
                        "\(name).\(slice.role) \(i - slice.range.lowerBound)")
                }
            }
        }
        if narrowing > 0 { #expect(clipped > 100) }
    }

    /// The cells that rounding saturates are those of the largest power of two that any reaches.
    @Test func cellsHaveARange() throws {
        var numbers = RandomGraphs(seed: 43)
        // An input gate, a forget gate and a candidate that are open: a cell grows by 1 a step.
        let form = Recurrence(inputs: 1, units: 1)
        let lstm = LSTM(
            form, weights: [0, 0, 0, 0], recurrentWeights: [0, 0, 0, 0], bias: [20, 20, 20, 0])
        var graph = FloatGraph(name: "net", inputShape: [5, 1, 1])
        try graph.append(.lstm(lstm), name: "lstm", inputs: [graph.input])
        var options = TrainableNetwork.Options(batch: 2, threads: 1)
        options.quantisation = NetworkQuantisation(
            input: RoundingTests.input, weights: .fixed(4), activations: .fixed(8))
        let network = try TrainableNetwork(graph, options)
        _ = network.inputs.update(fromContentsOf: numbers.numbers(10))
        network.fitGrids(samples: 2)
        // Cells of 1, 2, 3, 4, 5.
        #expect(network.learnedQuantisation?.layers.first?.cellRange == 3)
    }
}
