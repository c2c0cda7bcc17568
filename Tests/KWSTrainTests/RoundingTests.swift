// SPDX-License-Identifier: Apache-2.0
//
// Goal: networks that round their weights and activations have the gradients that the quantisers
// state, learn, and keep to a budget of bits.
// Method: central differences of the piecewise form of each estimator in doubles; toy data.

import Foundation
import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct RoundingTests {
    typealias Widths = NetworkQuantisation.Widths

    static let input = InputQuantisation(
        Quantisation(scale: 2.0 / 255, zeroPoint: 128), hasFinePlane: false)

    static func network(
        _ graph: FloatGraph, weights: Widths, activations: Widths, samples: Int, threads: Int = 2,
        normalises: Bool = false, random: inout SplitMix64
    ) throws -> TrainableNetwork {
        var options = TrainableNetwork.Options(batch: samples, threads: threads)
        options.inputGradient = true
        options.quantisation = NetworkQuantisation(
            input: input, weights: weights, activations: activations)
        options.quantisation?.normalises = normalises
        let network = try TrainableNetwork(graph, options)
        network.initialise(.xavier, random: &random)
        return network
    }

    static func widths(_ form: RoundedPerceptron.Form, _ bits: Int) -> Widths {
        switch form {
        case .fixed: .fixed(bits)
        case .brevitas: .brevitas(from: bits)
        case .uhlich: .uhlich(from: bits)
        }
    }

    @Test(
        arguments: RoundedPerceptron.Form.allCases.flatMap { form in
            [(2, 4), (3, 2), (4, 4), (8, 8)].map { (form, $0.0, $0.1) }
        })
    func gradientsAreThoseOfTheEstimators(
        form: RoundedPerceptron.Form, weights: Int, activations: Int
    ) throws {
        var random = SplitMix64(seed: UInt64(weights * 10 + activations))
        let samples = 7
        let network = try Self.network(
            ToyData.perceptron(), weights: Self.widths(form, weights),
            activations: Self.widths(form, activations), samples: samples, random: &random)
        for i in 0..<2 * samples { network.inputs[i] = Float(random.uniform(-1...1)) }
        network.fitGrids(samples: samples)
        // Ranges narrower than what they hold, so that numbers are clipped too.
        for slice in network.parameters.slices
        where slice.role == .weightSize || slice.role == .outputSize {
            for i in slice.range { network.parameters.values[i] -= 0.37 }
        }
        // Off the kink of |beta|, which is where 2 bits start.
        for slice in network.parameters.slices
        where slice.isWidth && slice.trainable && form == .brevitas {
            network.parameters.values[slice.range.lowerBound] += 0.2
        }
        var oracle = RoundedPerceptron(network, form)
        let batch = (0..<samples).map { s in (0..<2).map { Double(network.inputs[2 * s + $0]) } }
        let weighting = (0..<samples).map { _ in
            (0..<2).map { _ in Double(Float(random.uniform(-1...1))) }
        }

        network.forward(samples: samples, statistics: .frozen)
        let expected = oracle(batch).flatMap { $0 }
        // Two sums of at most 8 terms and four roundings each; numbers are below 8.
        let tolerance = 32 * 8 * 0x1p-24
        for (found, expected) in zip(network.logits, expected) {
            #expect(abs(Double(found) - expected) < tolerance)
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
        let largest = gradients.map(abs).max() ?? 1
        let h = 0x1p-20
        for slice in network.parameters.slices where slice.trainable {
            for i in slice.range {
                let now = oracle.parameters[i]
                oracle.parameters[i] = now + h
                let above = value()
                oracle.parameters[i] = now - h
                let below = value()
                oracle.parameters[i] = now
                let difference = (above - below) / (2 * h)
                // Sums of 7 samples times 8 numbers, each with an error as above.
                #expect(
                    abs(gradients[i] - difference) < 56 * tolerance * max(1, largest),
                    "\(slice.name).\(slice.role) \(i - slice.range.lowerBound)")
            }
        }
    }

    @Test(arguments: [Widths.brevitas(from: 8), .uhlich(from: 8)])
    func learnsWithinABudget(widths: Widths) throws {
        var random = SplitMix64(seed: 5)
        let graph = try ToyData.folded()
        let network = try Self.network(
            graph, weights: widths, activations: widths, samples: 60, random: &random)
        var settings = Trainer.Settings()
        settings.optimiser = Adam()
        settings.rate = 0.01
        let budget = WidthBudget(weights: 3, activations: 4)
        settings.widthCost = .budget(budget, rate: 0.01)
        let trainer = Trainer(network, settings, random: random)
        func batch() -> Batch { ToyData.stripes(60, &random) }
        _ = network.inputs.update(fromContentsOf: batch().inputs)
        network.fitGrids(samples: 60)
        for _ in 0..<150 { _ = try trainer.step(batch()) }
        let learned = network.widths
        #expect(learned.weights.meanBits < 7.5, "prices made widths smaller")
        try network.fixWidths(within: budget)
        #expect(network.widths.weights.meanStoredBits <= 3)
        #expect(network.widths.activations.meanStoredBits <= 4)
        #expect(network.widths.weights.meanBits == network.widths.weights.meanStoredBits)
        network.fitGrids(samples: 60)
        trainer.settings.rate = 0.003
        for _ in 0..<150 { _ = try trainer.step(batch()) }
        let test = batch()
        _ = network.inputs.update(fromContentsOf: test.inputs)
        network.forward(samples: 60, statistics: .frozen)
        // Of three classes.
        #expect(network.evaluate(Loss(), labels: test.labels).correct >= 54)
    }

    @Test func aBudgetBelowTheLeastIsRefused() throws {
        var random = SplitMix64(seed: 5)
        let network = try Self.network(
            ToyData.folded(), weights: .brevitas(from: 4), activations: .fixed(8), samples: 3,
            random: &random)
        #expect {
            try network.fixWidths(within: WidthBudget(weights: 1.9))
        } throws: { error in
            (error as? TrainingError)?.description
                == "the budget of widths: 1.9 bits a weight; allowed: 2.0 at least, for this "
                + "network"
        }
    }

    @Test func batchNormsChangeNothingAtFirst() throws {
        var random = SplitMix64(seed: 4)
        let graphs = try [false, true].map { normalises in
            var same = SplitMix64(seed: 9)
            let network = try Self.network(
                ToyData.folded(), weights: .fixed(3), activations: .fixed(8), samples: 40,
                normalises: normalises, random: &same)
            for slice in network.parameters.slices where slice.role == .weights {
                for i in slice.range {
                    network.parameters.values[i] = Float(same.uniform(-1...1))
                }
            }
            if normalises {
                let inputs = ToyData.stripes(40, &random).inputs
                _ = network.inputs.update(fromContentsOf: inputs)
                network.startNorms(samples: 40)
                #expect(network.statistics.allSatisfy { $0.variance.contains { $0 != 1 } })
            }
            for quantiser in network.parameters.slices where quantiser.role == .weightSize {
                for i in quantiser.range { network.parameters.values[i] = -1 }
            }
            return network.graph
        }
        let expected = graphs[0].nodes.map(\.name)
        #expect(graphs[1].nodes.map(\.name) == expected)
        // Gains are three roundings off 1, sums of a bias and a mean, below 8, as many.
        let tolerance: Float = 8 * 4 * 0x1p-23
        for (plain, normalised) in zip(graphs[0].nodes, graphs[1].nodes) {
            for (a, b) in zip(plain.operation.numbers, normalised.operation.numbers) {
                #expect(abs(a - b) < tolerance, "\(plain.name)")
            }
        }
    }

    @Test func gainsOfBatchNormsStayAboveZero() throws {
        var random = SplitMix64(seed: 4)
        let network = try Self.network(
            ToyData.folded(), weights: .fixed(4), activations: .fixed(4), samples: 40,
            normalises: true, random: &random)
        let batch = ToyData.stripes(40, &random)
        _ = network.inputs.update(fromContentsOf: batch.inputs)
        network.startNorms(samples: 40)
        network.fitGrids(samples: 40)
        for slice in network.parameters.slices where slice.role == .scale {
            network.parameters.values[slice.range.lowerBound] = -1
        }
        _ = try Trainer(network, Trainer.Settings(), random: random).step(batch)
        let steps = network.learnedQuantisation?.layers.compactMap(\.weights).flatMap(\.steps)
        #expect(steps?.isEmpty == false)
        #expect(steps?.allSatisfy { $0 > 0 } == true)
    }

    @Test func aChannelOfZerosAsksNothingOfTheOutput() throws {
        var random = SplitMix64(seed: 4)
        let network = try Self.network(
            ToyData.folded(), weights: .fixed(4), activations: .fixed(8), samples: 40,
            normalises: true, random: &random)
        _ = network.inputs.update(fromContentsOf: ToyData.stripes(40, &random).inputs)
        network.startNorms(samples: 40)
        network.fitGrids(samples: 40)
        let before = try #require(network.learnedQuantisation).layers.map(\.output.scale)
        let weights = try #require(network.parameters.slices.first { $0.role == .weights })
        for i in weights.range.prefix(weights.range.count / weights.shape[0]) {
            network.parameters.values[i] = 0
        }
        // What live statistics would come to.
        network.statistics[0].variance[0] = 0
        let after = try #require(network.learnedQuantisation).layers.map(\.output.scale)
        #expect(after == before)
    }

    @Test(arguments: [false, true])
    func aStateGoesOnToTheSameBits(normalises: Bool) throws {
        var random = SplitMix64(seed: 8)
        let batches = (0..<4).map { _ in ToyData.stripes(30, &random) }
        func trainer() throws -> Trainer {
            var random = SplitMix64(seed: 3)
            let network = try Self.network(
                ToyData.folded(), weights: .brevitas(from: 5), activations: .brevitas(from: 5),
                samples: 30, normalises: normalises, random: &random)
            var settings = Trainer.Settings()
            settings.optimiser = Adam()
            settings.widthCost = .budget(WidthBudget(weights: 3, activations: 3), rate: 0.1)
            return Trainer(network, settings, random: random)
        }
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("rounded-\(random.next())-\(normalises).checkpoint").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = try trainer()
        _ = whole.network.inputs.update(fromContentsOf: batches[0].inputs)
        whole.network.fitGrids(samples: 30)
        for batch in batches.prefix(2) { _ = try whole.step(batch) }
        try whole.save(to: path)
        let resumed = try trainer()
        try resumed.restore(from: path)
        for batch in batches.suffix(2) {
            _ = try whole.step(batch)
            _ = try resumed.step(batch)
        }
        #expect(Array(whole.network.parameters.values) == Array(resumed.network.parameters.values))
        #expect(whole.network.statistics.isEmpty == !normalises)
        for (one, other) in zip(whole.network.statistics, resumed.network.statistics) {
            #expect(Array(one.mean) == Array(other.mean))
            #expect(Array(one.variance) == Array(other.variance))
        }
    }
}

extension FloatOperator {
    /// Weights and biases of a layer.
    fileprivate var numbers: [Float] {
        switch self {
        case .convolution(_, let weights, let bias), .depthwise(_, let weights, let bias),
            .dense(let weights, let bias):
            weights + bias
        default: []
        }
    }
}
