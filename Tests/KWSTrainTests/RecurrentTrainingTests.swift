// SPDX-License-Identifier: Apache-2.0
//
// Goal: LSTM and GRU compute their equations and the gradients of inputs and parameters through
// time, in every form; they start as documented, learn what only memory can tell, and are given back
// as a graph.
// Method: layers in doubles, unit by unit, and their central differences; a toy task.

import KWSGraph
import KWSNumerics
import KWSTestModels
import KWSTrain
import Testing

struct RecurrentTrainingTests {
    static let steps = 6
    static let inputs = 5

    /// Every form of both layers: direction, sequence or last state, and their options.
    static func layers(
        units: Int, _ random: inout RandomGraphs
    ) -> [(name: String, operation: FloatOperator)] {
        var layers: [(String, FloatOperator)] = []
        for form in 0..<4 {
            let recurrence = Recurrence(
                inputs: inputs, units: units, isBackward: form & 1 != 0,
                returnsSequence: form & 2 != 0)
            for option in 0..<4 {
                let projected = option & 1 == 0 ? nil : 3
                let outputs = projected ?? units
                let lstm = LSTM(
                    recurrence, weights: random.numbers(4 * units * inputs),
                    recurrentWeights: random.numbers(4 * units * outputs),
                    bias: random.numbers(4 * units),
                    peepholes: option & 2 == 0 ? nil : random.numbers(3 * units),
                    projection: projected.map { random.numbers($0 * units) })
                layers.append(("\(lstm)", .lstm(lstm)))
            }
            for option in 0..<6 {
                let resetsAfter = option % 3 > 0
                let gru = GRU(
                    recurrence, weights: random.numbers(3 * units * inputs),
                    recurrentWeights: random.numbers(3 * units * units),
                    bias: random.numbers(3 * units), resetsAfter: resetsAfter,
                    recurrentBias: option % 3 == 2 ? random.numbers(units) : nil,
                    candidate: option < 3 ? .tanh : .clippedReLU)
                layers.append(("\(gru) \(option)", .gru(gru)))
            }
        }
        return layers
    }

    @Test(arguments: [1, 2, 4], [1, 7, 11])
    func gradientsThroughTime(threads: Int, units: Int) throws {
        var numbers = RandomGraphs(seed: 15)
        var random = SplitMix64(seed: 16)
        for (name, operation) in Self.layers(units: units, &numbers) {
            var graph = FloatGraph(name: name, inputShape: [Self.steps, 1, Self.inputs])
            try graph.append(operation, name: name, inputs: [graph.input])
            var check = try GradientCheck(
                graph, samples: 3, threads: threads, isLive: false, random: &random)
            // Sums of up to 18 rows of 16 products, in each of six steps.
            check.run(terms: 18 * Self.steps, limit: 60, random: &random, "\(name)")
        }
    }

    @Test func stackedInBothDirections() throws {
        var numbers = RandomGraphs(seed: 17)
        var random = SplitMix64(seed: 18)
        var graph = FloatGraph(name: "stack", inputShape: [5, 2, 2])
        var inputs = 4
        for (level, isLast) in [false, true].enumerated() {
            let source = graph.output
            let halves = try [false, true].map { isBackward in
                let form = Recurrence(
                    inputs: inputs, units: 3, isBackward: isBackward, returnsSequence: !isLast)
                let operation: FloatOperator =
                    level == 0
                    ? .gru(
                        GRU(
                            form, weights: numbers.numbers(9 * inputs),
                            recurrentWeights: numbers.numbers(27), bias: numbers.numbers(9),
                            resetsAfter: true))
                    : .lstm(
                        LSTM(
                            form, weights: numbers.numbers(12 * inputs),
                            recurrentWeights: numbers.numbers(36), bias: numbers.numbers(12)))
                return try graph.append(
                    operation, name: "\(level) \(isBackward)", inputs: [source])
            }
            try graph.append(
                .concatenate(axis: isLast ? 0 : 2), name: "both \(level)", inputs: halves)
            inputs = 6
        }
        var check = try GradientCheck(
            graph, samples: 3, threads: 2, isLive: false, random: &random)
        check.run(terms: 100, limit: 300, random: &random, "stack")
    }

    @Test func numbersStartUniformAndTheForgetGateOpen() throws {
        var graph = FloatGraph(name: "start", inputShape: [2, 1, 8])
        let form = Recurrence(inputs: 8, units: 16)
        try graph.append(
            .lstm(
                LSTM(
                    form, weights: zeros(4 * 16 * 8), recurrentWeights: zeros(4 * 16 * 4),
                    bias: zeros(64), peepholes: zeros(48), projection: zeros(64))),
            name: "lstm", inputs: [graph.input])
        let network = try TrainableNetwork(graph, TrainableNetwork.Options(batch: 1, threads: 1))
        var random = SplitMix64(seed: 4)
        network.initialise(.heFanOut, random: &random)
        for slice in network.parameters.slices {
            let values = Array(network.parameters.values[slice.range])
            if slice.role == .bias {
                #expect(values == zeros(16) + Array(repeating: 1, count: 16) + zeros(32))
            } else {
                #expect(values.allSatisfy { abs($0) <= 0.25 })
                // Of 48 numbers or more, all within 0.8 of the range: one case in 44,000.
                #expect(values.contains { abs($0) > 0.2 } && values.contains { $0 < 0 })
            }
        }
    }

    /// Two marks in noise, at random times: which came first? No single frame can tell.
    private func marks(_ samples: Int, _ random: inout SplitMix64) -> Batch {
        let steps = 12
        var inputs: [Float] = []
        let labels = (0..<samples).map { $0 % 2 }
        for label in labels {
            let first = Int(random.uniform(0...7.99))
            let second = first + 1 + Int(random.uniform(0...3.99))
            for step in 0..<steps {
                for channel in 0..<2 {
                    let isMarked = step == (channel == label ? first : second)
                    inputs.append((isMarked ? 1 : 0) + Float(random.uniform(-0.2...0.2)))
                }
            }
        }
        return Batch(inputs: inputs, labels: labels)
    }

    @Test(arguments: ["LSTM", "projected LSTM", "GRU", "backward GRU"])
    func whatCameFirstIsLearnt(kind: String) throws {
        var graph = FloatGraph(name: kind, inputShape: [12, 1, 2])
        let form = Recurrence(
            inputs: 2, units: 8, isBackward: kind == "backward GRU", returnsSequence: false)
        let isProjected = kind == "projected LSTM"
        let operation: FloatOperator =
            kind.hasSuffix("LSTM")
            ? .lstm(
                LSTM(
                    form, weights: zeros(64), recurrentWeights: zeros(isProjected ? 128 : 256),
                    bias: zeros(32), peepholes: isProjected ? zeros(24) : nil,
                    projection: isProjected ? zeros(32) : nil))
            : .gru(
                GRU(
                    form, weights: zeros(48), recurrentWeights: zeros(192), bias: zeros(24),
                    resetsAfter: kind == "GRU"))
        let state = try graph.append(operation, name: "memory", inputs: [graph.input])
        let logits = try graph.append(
            .dense(weights: zeros(isProjected ? 8 : 16), bias: zeros(2)), name: "out",
            inputs: [state])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        var settings = Trainer.Settings()
        settings.optimiser = Adam()
        settings.rate = 0.02
        settings.largestNorm = 1
        let trainer = try ToyData.trainer(graph, batch: 32, threads: 2, settings)
        for _ in 0..<200 { _ = try trainer.step(marks(32, &trainer.random)) }

        let unseen = marks(200, &trainer.random)
        var evaluator = FloatEvaluator(trainer.network.graph)
        let right = unseen.labels.indices.count { sample in
            let scores = evaluator(Array(unseen.inputs[sample * 24..<(sample + 1) * 24]))
            return scores[unseen.labels[sample]] > 0.5
        }
        // By chance 190 of 200 once in 10^40.
        #expect(right >= 190, "\(right) of 200")
    }

    private func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
}
