// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

/// A network, a random batch, and a random weighting of its logits: f = sum r * logits is the
/// function whose gradients are compared.
struct GradientCheck {
    let network: TrainableNetwork
    private var oracle: DoubleNetwork
    private var batch: [[Double]]
    private let weighting: [[Double]]
    private let isLive: Bool

    init(
        _ graph: FloatGraph, samples: Int, threads: Int, isLive: Bool, random: inout SplitMix64
    ) throws {
        var options = TrainableNetwork.Options(batch: samples + 1, threads: threads)
        options.inputGradient = true
        options.trainsAffine = true
        network = try TrainableNetwork(graph, options)
        oracle = DoubleNetwork(network, graph, isLive: isLive)
        self.isLive = isLive
        func numbers(_ count: Int) -> [Double] {
            (0..<count).map { _ in Double(Float(random.uniform(-1...1))) }
        }
        let (inputs, outputs) = (network.inputElements, network.outputElements)
        batch = (0..<samples).map { _ in numbers(inputs) }
        weighting = (0..<samples).map { _ in numbers(outputs) }
    }

    private var statistics: BatchStatistics { isLive ? .live(momentum: 0.1) : .frozen }

    private func value() -> Double {
        zip(oracle(batch), weighting).reduce(0) { sum, pair in
            zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 }
        }
    }

    /// Runs both passes and compares logits and up to `limit` gradients of each kind.
    ///
    /// A float sum of n terms t is wrong by at most n * 2^-24 * sum |t|. The longest sums here have
    /// fewer than `terms` of them, errors go on through as many `layers` forwards and backwards,
    /// and sum |t| is taken as at most 8 times the largest result: so both are held to
    /// `2 * layers * terms * 8 * 2^-24` of the largest number. Differences of doubles at
    /// h = 2^-20 add less than 2^-30.
    mutating func run(
        terms: Int, limit: Int, random: inout SplitMix64, _ comment: Comment
    ) {
        for (sample, numbers) in batch.enumerated() {
            for (i, number) in numbers.enumerated() {
                network.inputs[sample * numbers.count + i] = Float(number)
            }
        }
        network.forward(samples: batch.count, statistics: statistics)
        let share = 16 * Double(oracle.graph.nodes.count) * Double(terms) * 0x1p-24

        let expected = oracle(batch).flatMap { $0 }
        let largest = expected.map(abs).max() ?? 0
        for (found, expected) in zip(network.logits, expected) {
            #expect(abs(Double(found) - expected) <= share * max(largest, 1), comment)
        }

        for (i, number) in weighting.joined().enumerated() {
            network.logitsGradient[i] = Float(number)
        }
        network.backward(statistics: statistics)
        compare(
            network.parameters.gradients.map(Double.init), share, limit, &random, comment
        ) { check, i, by in check.oracle.parameters[i] += by }
        compare(
            network.inputsGradient?.map(Double.init) ?? [], share, limit, &random, comment
        ) { check, i, by in check.batch[i / check.batch[0].count][i % check.batch[0].count] += by }
    }

    private mutating func compare(
        _ gradient: [Double], _ share: Double, _ limit: Int, _ random: inout SplitMix64,
        _ comment: Comment, move: (inout GradientCheck, Int, Double) -> Void
    ) {
        let largest = gradient.map(abs).max() ?? 0
        let h = 0x1p-20
        for i in gradient.indices.shuffled(using: &random).prefix(limit) {
            move(&self, i, h)
            let above = value()
            move(&self, i, -2 * h)
            let below = value()
            move(&self, i, h)
            let expected = (above - below) / (2 * h)
            #expect(
                abs(gradient[i] - expected) <= share * max(largest, 1),
                "number \(i): \(gradient[i]), by differences \(expected); \(comment)")
        }
    }
}
