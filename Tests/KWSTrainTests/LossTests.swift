// SPDX-License-Identifier: Apache-2.0
//
// Goal: losses, optimisers and schedules are those of their formulas.
// Method: the formulas again in doubles, losses by central differences of the logits.

import Foundation
import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct LossTests {
    /// h = 2^-10 leaves h^2 / 6 * |f'''| < 2^-22 * T of truncation, as third derivatives of a
    /// log-softmax at temperature T are below 1 / T^3 and the loss has a factor T^2; the gradient's
    /// own rounding to float is 2^-24.
    @Test(arguments: [
        Loss(), Loss(labelSmoothing: 0.1),
        Loss(distillation: Loss.Distillation(temperature: 4, weight: 0.7)),
        Loss(labelSmoothing: 0.2, distillation: Loss.Distillation(temperature: 1, weight: 1)),
    ])
    func gradientsAreTheDifferences(of loss: Loss) throws {
        var random = SplitMix64(seed: 4)
        let (samples, classes) = (3, 5)
        var graph = FloatGraph(name: "identity", inputShape: [classes])
        try graph.append(
            .affine(
                scale: Array(repeating: 1, count: classes),
                offset: Array(repeating: 0, count: classes)),
            name: "identity", inputs: [graph.input])
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: samples, threads: 1))
        func numbers() -> [Float] {
            (0..<samples * classes).map { _ in Float(Int(random.uniform(-3000...3000))) / 1024 }
        }
        let teacher = loss.distillation == nil ? [] : numbers()
        let labels = [0, -1, 3]
        _ = network.inputs.update(fromContentsOf: numbers())
        network.forward(samples: samples, statistics: .frozen)
        _ = network.evaluate(loss, labels: labels, teacher: teacher)
        let gradient = Array(network.logitsGradient)
        let h: Float = 0x1p-10
        for i in gradient.indices {
            let middle = network.logits[i]
            network.logits[i] = middle + h
            let above = network.evaluate(loss, labels: labels, teacher: teacher).loss
            network.logits[i] = middle - h
            let below = network.evaluate(loss, labels: labels, teacher: teacher).loss
            network.logits[i] = middle
            let expected = (above - below) / (2 * Double(h))
            #expect(abs(Double(gradient[i]) - expected) < 0x1p-20)
        }
    }

    @Test func valuesByHand() throws {
        var graph = FloatGraph(name: "two", inputShape: [2])
        try graph.append(.reshape([2]), name: "same", inputs: [graph.input])
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: 2, threads: 1))
        _ = network.inputs.update(fromContentsOf: [0, 0, 0, Float(log(3.0))])
        network.forward(samples: 2, statistics: .frozen)
        // -log(1/2) and -log(3/4).
        let plain = network.evaluate(Loss(), labels: [0, 1])
        #expect(abs(plain.loss - (log(2.0) + log(4.0 / 3)) / 2) < 1e-7)
        #expect(plain.correct == 2)
        // A teacher that agrees costs nothing.
        let same = network.evaluate(
            Loss(distillation: Loss.Distillation(temperature: 2, weight: 1)), labels: [-1, -1],
            teacher: Array(network.logits))
        #expect(abs(same.loss) < 1e-12)
    }

    /// Twenty steps on a gradient that depends on the step; the float vectors may be wrong by a
    /// few roundings a step: 20 * 8 * 2^-24 of numbers below 4.
    @Test(arguments: ["SGD", "Adam"])
    func optimisersFollowTheirFormulas(name: String) throws {
        let sgd = SGD(momentum: 0.9)
        let adam = Adam()
        let optimiser: any Optimiser = name == "SGD" ? sgd : adam
        let (rate, decay, count) = (0.05, 0.01, 11)
        var settings = Trainer.Settings()
        settings.optimiser = optimiser
        settings.rate = Float(rate)
        settings.weightDecay = Float(decay)
        var graph = FloatGraph(name: "line", inputShape: [count])
        try graph.append(
            .dense(weights: (0..<2 * count).map { Float($0) / 8 - 1 }, bias: [0.5, -0.5]),
            name: "fc", inputs: [graph.input])
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: 1, threads: 1))
        let trainer = Trainer(network, settings, random: SplitMix64(seed: 1))
        var w = network.parameters.values.map(Double.init)
        var first = w.map { _ in 0.0 }
        var second = first
        for step in 1...20 {
            let inputs = (0..<count).map { Float(($0 * step) % 7) / 4 - 0.5 }
            _ = try trainer.step(Batch(inputs: inputs, labels: [step % 2]))
            let gradients = network.parameters.gradients.map(Double.init)
            for i in w.indices {
                let g = gradients[i] + (i < 2 * count ? decay * w[i] : 0)
                if name == "SGD" {
                    first[i] = 0.9 * first[i] + g
                    w[i] -= rate * (g + 0.9 * first[i])
                } else {
                    first[i] = 0.9 * first[i] + 0.1 * g
                    second[i] = 0.999 * second[i] + 0.001 * g * g
                    let mean = first[i] / (1 - pow(0.9, Double(step)))
                    let square = second[i] / (1 - pow(0.999, Double(step)))
                    w[i] -= rate * mean / (square.squareRoot() + 1e-8)
                }
            }
        }
        for (found, expected) in zip(network.parameters.values, w) {
            #expect(abs(Double(found) - expected) < 4 * 20 * 8 * 0x1p-24)
        }
    }

    @Test func gradientsAreClippedToTheirNorm() throws {
        var settings = Trainer.Settings()
        settings.optimiser = SGD(momentum: 0)
        settings.rate = 1
        settings.largestNorm = 0.01
        let trainer = try ToyData.trainer(ToyData.perceptron(), batch: 4, threads: 1, settings)
        let before = Array(trainer.network.parameters.values)
        _ = try trainer.step(Batch(inputs: [0, 0, 0, 5, 5, 0, 5, 5], labels: [0, 1, 1, 0]))
        #expect(trainer.network.parameters.gradientNorm > 0.01)
        let moved = zip(before, trainer.network.parameters.values)
            .reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
        // Differences of numbers below 4 are rounded to 2^-22 each, 42 of them.
        #expect(abs(moved - 0.01) < 42 * 0x1p-22)
    }

    @Test func schedules() {
        let cosine = Schedule.cosine(warmUp: 4, total: 14, final: 0.1)
        #expect(cosine.factor(0) == 0.25)
        #expect(cosine.factor(3) == 1)
        #expect(cosine.factor(4) == 1)
        #expect(abs(cosine.factor(9) - 0.55) < 1e-12)
        #expect(abs(cosine.factor(14) - 0.1) < 1e-12)
        #expect(abs(cosine.factor(99) - 0.1) < 1e-12)
        let steps = Schedule.steps(at: [10, 20], factor: 0.5)
        #expect([0, 9, 10, 20].map(steps.factor) == [1, 1, 0.5, 0.25])
        #expect(Schedule.constant.factor(7) == 1)
    }
}
