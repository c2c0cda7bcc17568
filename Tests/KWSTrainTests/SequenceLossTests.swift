// SPDX-License-Identifier: Apache-2.0
//
// Goal: losses of sequences count the rows that they say, with the gradient of what they count.
// Method: posteriors by hand for the choice of rows; central differences of the logits.

import Foundation
import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct SequenceLossTests {
    /// A network whose logits are its inputs.
    static func network(rows: Int, classes: Int, samples: Int) throws -> TrainableNetwork {
        var graph = FloatGraph(name: "identity", inputShape: [rows, 1, classes])
        try graph.append(
            .affine(
                scale: Array(repeating: 1, count: classes),
                offset: Array(repeating: 0, count: classes)),
            name: "identity", inputs: [graph.input])
        return try TrainableNetwork(graph, TrainableNetwork.Options(batch: samples, threads: 1))
    }

    /// Logits 0 and the logarithm of the odds.
    private static func evaluate(
        _ loss: SequenceLoss, posteriors: [Double], _ targets: RowTargets
    ) throws -> (loss: BatchLoss, gradient: [Float]) {
        let network = try network(rows: posteriors.count, classes: 2, samples: 1)
        _ = network.inputs.update(
            fromContentsOf: posteriors.flatMap { [0, Float(log($0 / (1 - $0)))] })
        network.forward(samples: 1, statistics: .frozen)
        let result = network.evaluate(loss, row: Loss(), targets: [targets])
        return (result, Array(network.logitsGradient))
    }

    @Test func theBestRowOfASegmentCountsTheEarliestOfEquals() throws {
        let posteriors = [0.1, 0.25, 0.75, 0.75, 0.5, 0.9]
        let targets = RowTargets(
            background: Array(repeating: 0, count: 6),
            segments: [.init(rows: 1..<5, label: 1)])
        let (result, gradient) = try Self.evaluate(
            SequenceLoss(.maxPooling, keywordWeight: 5), posteriors: posteriors, targets)
        // Rows 0 and 5 are background, row 2 the first of the largest; logits are rounded to 2^-24.
        let expected = (-log(0.9) - log(0.1)) / 2 + 5 * -log(0.75)
        #expect(abs(result.loss - expected) < 1e-6)
        #expect(result.samples == 3 && result.correct == 2)
        for row in [1, 3, 4] { #expect(gradient[2 * row] == 0 && gradient[2 * row + 1] == 0) }
        // y - 1 of the keyword, times its weight; y / 2 of the background.
        #expect(abs(gradient[5] - 5 * (0.75 - 1)) < 1e-6)
        #expect(abs(gradient[11] - 0.45) < 1e-6)
        #expect(abs(gradient[10] + 0.45) < 1e-6)
    }

    @Test func allRowsOfASegmentCountByFrames() throws {
        let targets = RowTargets(
            background: [0, 0, 0, -1], segments: [.init(rows: 1..<3, label: 1)])
        let (result, gradient) = try Self.evaluate(
            SequenceLoss(.frames, keywordWeight: 2), posteriors: [0.5, 0.25, 0.75, 0.9], targets)
        let expected = -log(0.5) + 2 * (-log(0.25) - log(0.75)) / 2
        #expect(abs(result.loss - expected) < 1e-6)
        #expect(result.samples == 3)
        #expect(gradient[6] == 0 && gradient[7] == 0)
    }

    @Test func withoutKeywordsTheBackgroundIsAllThereIs() throws {
        let (result, _) = try Self.evaluate(
            SequenceLoss(.maxPooling), posteriors: [0.5, 0.25], RowTargets(background: [0, 0]))
        #expect(abs(result.loss - (-log(0.5) - log(0.75)) / 2) < 1e-6)
    }

    /// h = 2^-10 leaves h^2 / 6 * |f'''| < 2^-22 * weight, as third derivatives of a log-softmax are
    /// below 1; the gradient's own rounding is 2^-24 * weight, and the weight 3. No two posteriors are
    /// so near that h changes their order.
    @Test(arguments: [
        SequenceLoss(.frames, keywordWeight: 3), SequenceLoss(.maxPooling, keywordWeight: 3),
    ])
    func gradientsAreTheDifferences(of loss: SequenceLoss) throws {
        var random = SplitMix64(seed: 6)
        let (samples, rows, classes) = (3, 9, 3)
        let network = try Self.network(rows: rows, classes: classes, samples: samples)
        let targets = [
            RowTargets(
                background: [0, 0, 0, 0, 0, 1, 1, 0, 0],
                segments: [.init(rows: 0..<3, label: 2), .init(rows: 7..<9, label: 1)]),
            RowTargets(background: [0, -1, 0, 0, 1, 1, 1, 0, -1]),
            RowTargets(
                background: Array(repeating: 0, count: rows),
                segments: [.init(rows: 2..<8, label: 2)]),
        ]
        _ = network.inputs.update(
            fromContentsOf: (0..<samples * rows * classes).map { _ in
                Float(Int(random.uniform(-3000...3000))) / 1024
            })
        network.forward(samples: samples, statistics: .frozen)
        func value() -> Double { network.evaluate(loss, row: Loss(), targets: targets).loss }
        _ = value()
        let gradient = Array(network.logitsGradient)
        #expect(gradient.contains { $0 != 0 })
        let h: Float = 0x1p-10
        for i in gradient.indices {
            let middle = network.logits[i]
            network.logits[i] = middle + h
            let above = value()
            network.logits[i] = middle - h
            let below = value()
            network.logits[i] = middle
            #expect(
                abs(Double(gradient[i]) - (above - below) / (2 * Double(h))) < 3 * 0x1p-20,
                "logit \(i)")
        }
    }

    @Test func targetsThatDoNotFitAreRefused() throws {
        let trainer = Trainer(
            try Self.network(rows: 4, classes: 2, samples: 2), Trainer.Settings(),
            random: SplitMix64(seed: 1))
        let inputs = Array(repeating: Float(0), count: 8)
        for targets in [
            RowTargets(background: [0, 0, 0]), RowTargets(background: []),
            RowTargets(background: [0, 0, 0, 2]),
            RowTargets(background: [0, 0, 0, 0], segments: [.init(rows: 0..<1, label: 2)]),
        ] {
            #expect(throws: TrainingError.self) {
                try trainer.step(Batch(inputs: inputs, rows: [targets]))
            }
        }
    }

    /// An LSTM learns to answer with the class of what it has heard, whenever it likes.
    @Test func maxPoolingLearns() throws {
        var random = SplitMix64(seed: 2)
        var window = FloatGraph(name: "lstm", inputShape: [4, 3, 1])
        let form = Recurrence(inputs: 3, units: 6, returnsSequence: false)
        func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
        try window.append(
            .lstm(
                LSTM(
                    form, weights: zeros(72), recurrentWeights: zeros(96), bias: zeros(24),
                    peepholes: zeros(18), projection: zeros(24))),
            name: "lstm", inputs: [window.input])
        try window.append(
            .dense(weights: zeros(8), bias: zeros(2)), name: "out", inputs: [window.output])
        let graph = try UnrolledGraph(window, frames: 20).graph
        let network = try TrainableNetwork(graph, .init(batch: 16, threads: 2))
        network.initialise(.heFanOut, random: &random)
        var settings = Trainer.Settings()
        settings.optimiser = Adam()
        settings.rate = 0.01
        settings.sequenceLoss = SequenceLoss(.maxPooling)
        let trainer = Trainer(network, settings, random: SplitMix64(seed: 3))
        var last = BatchLoss()
        for _ in 0..<150 {
            var inputs: [Float] = []
            var rows: [RowTargets] = []
            for _ in 0..<16 {
                let start = 2 + random.below(10)
                let isKeyword = random.below(2) == 1
                for frame in 0..<20 {
                    let isIn = (start..<start + 5).contains(frame)
                    inputs += [isIn ? 1 : 0, isIn == isKeyword ? 1 : -1, Float(random.unit())]
                }
                rows.append(
                    RowTargets(
                        background: Array(repeating: 0, count: 20),
                        segments: isKeyword ? [.init(rows: start..<start + 5, label: 1)] : []))
            }
            last = try trainer.step(Batch(inputs: inputs, rows: rows))
        }
        // Of 300 rows at most three are wrong.
        #expect(last.samples - last.correct <= 3)
    }
}
