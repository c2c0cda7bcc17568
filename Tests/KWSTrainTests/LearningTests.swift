// SPDX-License-Identifier: Apache-2.0
//
// Goal: networks learn; the same seed gives the same bits; a run that was cut in two ends as one
// that was not; threads change rounding only.
// Method: toy data with known answers, bit patterns compared.

import Foundation
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSTrain
import Testing

struct LearningTests {
    @Test(arguments: ["SGD", "Adam"])
    func exclusiveOrIsLearnt(optimiser: String) throws {
        var settings = Trainer.Settings()
        settings.optimiser = optimiser == "SGD" ? SGD() : Adam()
        settings.rate = optimiser == "SGD" ? 0.1 : 0.02
        let trainer = try ToyData.trainer(
            ToyData.perceptron(), batch: 4, threads: 1, seed: 3, settings)
        let batch = Batch(inputs: [0, 0, 0, 1, 1, 0, 1, 1], labels: [0, 1, 1, 0])
        var last = BatchLoss()
        for _ in 0..<600 { last = try trainer.step(batch) }
        #expect(last.correct == 4)
        #expect(last.loss < 0.05)
        // The graph that is given back says the same, its softmax included.
        var evaluator = FloatEvaluator(trainer.network.graph)
        #expect(evaluator([1, 0])[1] > 0.9)
        #expect(evaluator([1, 1])[0] > 0.9)
    }

    @Test func aConvolutionalNetworkLearnsAndIsGivenBack() throws {
        var settings = Trainer.Settings()
        settings.rate = 0.05
        settings.weightDecay = 1e-4
        settings.schedule = .cosine(warmUp: 10, total: 120, final: 0)
        let trainer = try ToyData.trainer(
            ToyData.convolutional(), batch: 32, threads: 2, settings)
        for _ in 0..<120 { _ = try trainer.step(ToyData.stripes(32, &trainer.random)) }

        // Samples never seen, through the reference evaluator and the running statistics.
        let unseen = ToyData.stripes(60, &trainer.random)
        var evaluator = FloatEvaluator(trainer.network.graph)
        for (sample, label) in unseen.labels.enumerated() {
            let scores = evaluator(Array(unseen.inputs[sample * 48..<(sample + 1) * 48]))
            #expect(scores.firstIndex(of: scores.max() ?? 0) == label)
        }
    }

    private static var noisy: Trainer.Settings {
        var settings = Trainer.Settings()
        settings.optimiser = Adam()
        settings.rate = 0.01
        settings.weightDecay = 1e-3
        settings.largestNorm = 1
        settings.loss = Loss(labelSmoothing: 0.1)
        settings.schedule = .cosine(warmUp: 3, total: 20, final: 0.01)
        return settings
    }

    private func bits(_ trainer: Trainer) -> [UInt32] {
        (Array(trainer.network.parameters.values)
            + trainer.network.statistics.flatMap { Array($0.mean) + Array($0.variance) })
            .map(\.bitPattern)
    }

    private func run(_ trainer: Trainer, steps: Int) throws {
        for _ in 0..<steps { _ = try trainer.step(ToyData.stripes(10, &trainer.random)) }
        trainer.endEpoch()
    }

    @Test(arguments: [1, 2, 3])
    func theSameSeedGivesTheSameBits(threads: Int) throws {
        let runs = try (0..<2).map { _ in
            let trainer = try ToyData.trainer(
                ToyData.convolutional(), batch: 10, threads: threads, Self.noisy)
            try run(trainer, steps: 12)
            return bits(trainer)
        }
        #expect(runs[0] == runs[1])
    }

    @Test func anInterruptedRunEndsAsOneThatWasNot() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-train-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("state.safetensors").path

        let whole = try ToyData.trainer(
            ToyData.convolutional(), batch: 10, threads: 2, Self.noisy)
        try run(whole, steps: 5)
        try whole.save(to: path)
        try run(whole, steps: 5)

        let other = try ToyData.trainer(
            ToyData.convolutional(), batch: 10, threads: 2, seed: 99, Self.noisy)
        try other.restore(from: path)
        #expect(other.progress == Trainer.Progress(step: 5, epoch: 1))
        try run(other, steps: 5)
        #expect(bits(other) == bits(whole))
        #expect(other.random.state == whole.random.state)
        // Nothing but the state is left beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)

        // Another network, another optimiser, no such file, a file cut short.
        let stranger = try ToyData.trainer(ToyData.perceptron(), batch: 4, threads: 1, Self.noisy)
        let before = bits(stranger)
        #expect(throws: ModelFileError.self) { try stranger.restore(from: path) }
        #expect(bits(stranger) == before)
        var settings = Self.noisy
        settings.optimiser = SGD()
        let plain = try ToyData.trainer(ToyData.convolutional(), batch: 4, threads: 1, settings)
        #expect(throws: ModelFileError.self) { try plain.restore(from: path) }
        #expect(throws: ModelFileError.self) { try plain.restore(from: path + ".none") }
        #expect(throws: ModelFileError.self) { try plain.save(to: folder.path + "/none/state") }
        for metadata in [[], [("format", "kws training state 1"), ("step", "-1")]] {
            let strange = folder.appendingPathComponent("strange.safetensors").path
            try SafetensorsWriter(metadata: metadata).write(to: strange)
            #expect(throws: ModelFileError.self) { try plain.restore(from: strange) }
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.dropLast(4).write(to: URL(fileURLWithPath: path))
        #expect(throws: ModelFileError.self) { try other.restore(from: path) }
    }

    /// Shards change the order of sums only. A gradient is a sum of at most n = 10 * 48 terms with
    /// an error of n * 2^-24 of sum |t| each way; 5 layers forwards and backwards and a ratio of
    /// sum |t| to the largest gradient of 8 give 10 * 480 * 8 * 2^-24 < 2.5e-3 of the largest.
    @Test func threadsChangeRoundingOnly() throws {
        let gradients = try [1, 2, 4].map { threads in
            let trainer = try ToyData.trainer(
                ToyData.convolutional(), batch: 10, threads: threads, Self.noisy)
            _ = try trainer.step(ToyData.stripes(10, &trainer.random))
            return Array(trainer.network.parameters.gradients)
        }
        let largest = gradients[0].map(abs).max() ?? 0
        for other in gradients.dropFirst() {
            for (a, b) in zip(gradients[0], other) { #expect(abs(a - b) <= 2.5e-3 * largest) }
        }
    }

    @Test func moreThreadsThanSamples() throws {
        let trainer = try ToyData.trainer(
            ToyData.convolutional(), batch: 4, threads: 4, Self.noisy)
        let result = try trainer.step(ToyData.stripes(1, &trainer.random))
        #expect(result.loss.isFinite)
        #expect(trainer.network.parameters.gradients.allSatisfy { $0.isFinite })
    }

    @Test func divergenceIsNamedAndChangesNothing() throws {
        let trainer = try ToyData.trainer(
            ToyData.perceptron(), batch: 4, threads: 1, Trainer.Settings())
        let before = bits(trainer)
        trainer.endEpoch()
        let error = #expect(throws: TrainingError.self) {
            _ = try trainer.step(Batch(inputs: [.nan, 0], labels: [1]))
        }
        #expect(error?.description.hasPrefix("epoch 2, step 1: the training diverged") == true)
        #expect(bits(trainer) == before)
    }

    @Test func aDivergedStateIsNotSaved() throws {
        let trainer = try ToyData.trainer(
            ToyData.convolutional(), batch: 2, threads: 1, Trainer.Settings())
        let inputs = [Float](repeating: .infinity, count: 96)
        #expect(throws: TrainingError.self) {
            _ = try trainer.step(Batch(inputs: inputs, labels: [0, 1]))
        }
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-train-\(UUID().uuidString)").path
        #expect(throws: ModelFileError.self) { try trainer.save(to: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func batchesThatDoNotFitAreRefused() throws {
        let trainer = try ToyData.trainer(
            ToyData.perceptron(), batch: 2, threads: 1, Trainer.Settings())
        for batch in [
            Batch(inputs: [], labels: []),
            Batch(inputs: [0, 0, 0], labels: [1]),
            Batch(inputs: [0, 0], labels: [2]),
            Batch(inputs: [0, 0], labels: [-2]),
            Batch(inputs: [0, 0], labels: [0], teacher: [1]),
            Batch(inputs: [0, 0, 0, 0, 0, 0], labels: [0, 1, 0]),
        ] {
            #expect(throws: TrainingError.self) { _ = try trainer.step(batch) }
        }
    }

    @Test func aSoftmaxInsideIsRefused() throws {
        var graph = FloatGraph(name: "inside", inputShape: [2])
        let soft = try graph.append(.softmax, name: "soft", inputs: [graph.input])
        try graph.append(.dense(weights: [1, 1], bias: [0]), name: "fc", inputs: [soft])
        #expect(throws: GraphError.self) {
            _ = try TrainableNetwork(graph, TrainableNetwork.Options(batch: 1, threads: 1))
        }
    }

    @Test func frozenNodesStay() throws {
        var options = TrainableNetwork.Options(batch: 4, threads: 1)
        options.frozen = ["out"]
        let network = try TrainableNetwork(ToyData.perceptron(), options)
        var random = SplitMix64(seed: 1)
        network.initialise(.xavier, random: &random)
        let trainer = Trainer(network, Trainer.Settings(), random: random)
        _ = try trainer.step(Batch(inputs: [0, 1], labels: [1]))
        for slice in network.parameters.slices where slice.name == "out" {
            #expect(network.parameters.values[slice.range].allSatisfy { $0 == 0 })
        }
    }
}
