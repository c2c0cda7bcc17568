// SPDX-License-Identifier: Apache-2.0
//
// Goal: what hidden activations cost a student, and the gradient of it.
// Method: the loss by hand, the gradient by central differences of the parameters.

import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct ImitationTests {
    private static let (samples, inputs, hidden, classes) = (5, 3, 4, 2)

    private static func network(
        seed: UInt64, threads: Int, name: String = "relu"
    ) throws
        -> TrainableNetwork
    {
        var random = SplitMix64(seed: seed)
        func numbers(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float(random.uniform(-1...1)) }
        }
        var graph = FloatGraph(name: "perceptron", inputShape: [inputs])
        let sums = try graph.append(
            .dense(weights: numbers(inputs * hidden), bias: numbers(hidden)), name: "first",
            inputs: [graph.input])
        let activations = try graph.append(
            .clip(lower: 0, upper: .infinity), name: name, inputs: [sums])
        try graph.append(
            .dense(weights: numbers(hidden * classes), bias: numbers(classes)), name: "second",
            inputs: [activations])
        return try TrainableNetwork(graph, .init(batch: samples, threads: threads))
    }

    private static let loss = Loss(
        distillation: Loss.Distillation(temperature: 1, weight: 0.5, hiddenWeight: 2))

    private static func run(_ network: TrainableNetwork, _ teacher: TrainableNetwork) -> Double {
        var random = SplitMix64(seed: 7)
        let numbers = (0..<samples * inputs).map { _ in Float(random.uniform(-2...2)) }
        for network in [teacher, network] {
            _ = network.inputs.update(fromContentsOf: numbers)
            network.forward(samples: samples, statistics: .frozen)
        }
        return network.evaluate(
            loss, labels: [0, 1, -1, 0, -1], teacher: Array(teacher.logits)
        ).loss
    }

    /// With h = 2^-8, h^2 / 6 of a third derivative below 16 is 2^-14.6, and a loss below 8 with an
    /// error of 8 roundings in floats, 2^-18, divided by 2 h is 2^-11; together below 2^-10.
    @Test(arguments: [1, 2])
    func gradientsAreTheDifferences(threads: Int) throws {
        let network = try Self.network(seed: 1, threads: threads)
        let teacher = try Self.network(seed: 2, threads: threads)
        let without = Self.run(network, teacher)
        try network.imitate(teacher)
        #expect(Self.run(network, teacher) > without)
        network.backward(statistics: .frozen)
        let gradients = Array(network.parameters.gradients)
        let h: Float = 0x1p-8
        for i in gradients.indices {
            let middle = network.parameters.values[i]
            network.parameters.values[i] = middle + h
            let above = Self.run(network, teacher)
            network.parameters.values[i] = middle - h
            let below = Self.run(network, teacher)
            network.parameters.values[i] = middle
            #expect(abs(Double(gradients[i]) - (above - below) / (2 * Double(h))) < 0x1p-10)
        }
    }

    /// Twice the teacher's activations are off by as much as the teacher's are: a distance of 1.
    @Test func valueByHand() throws {
        let teacher = try Self.network(seed: 2, threads: 1)
        let network = try Self.network(seed: 2, threads: 1)
        let same = Self.run(network, teacher)
        try network.imitate(teacher)
        #expect(Self.run(network, teacher) == same)
        for i in 0..<Self.hidden * (Self.inputs + 1) { network.parameters.values[i] *= 2 }
        let far = Self.run(network, teacher)
        let logits = Array(network.logits)
        let alone = try Self.network(seed: 2, threads: 1)
        for i in 0..<Self.hidden * (Self.inputs + 1) { alone.parameters.values[i] *= 2 }
        let near = Self.run(alone, teacher)
        #expect(Array(alone.logits) == logits)
        // Doubling is exact in floats, and the sums of both squares are the same then.
        #expect(far == near + 2)
    }

    @Test func teacherHasToHaveTheActivations() throws {
        let network = try Self.network(seed: 1, threads: 1)
        #expect(throws: GraphError.self) {
            try network.imitate(try Self.network(seed: 2, threads: 1, name: "other"))
        }
    }
}
