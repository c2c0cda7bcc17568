// SPDX-License-Identifier: Apache-2.0
//
// Goal: a recipe's run learns, goes on from a checkpoint to the same bits, and refuses data that do
// not fit. Method: tones and noise written as WAV files into a temporary folder.

import Foundation
import KWSEvaluate
import KWSGraph
import KWSModelFile
import KWSRecipe
import KWSTrain
import Testing

@Suite final class TrainingRunTests: ToneClips {
    @Test func tonesAreToldFromNoise() throws {
        let run = try run {
            $0.epochs = 12
            $0.validation = $0.training
        }
        var last: TrainingRun.Epoch?
        for _ in 0..<12 { last = try run.runEpoch { _ in } }
        #expect(last?.validation == 1)
    }

    @Test func aCheckpointGoesOnToTheSameBits() throws {
        let straight = try run()
        for _ in 0..<4 { _ = try straight.runEpoch { _ in } }
        let first = try run()
        for _ in 0..<2 { _ = try first.runEpoch { _ in } }
        try first.save(to: "\(folder)/state")
        let second = try run()
        try second.restore(from: "\(folder)/state")
        #expect(second.epoch == 2)
        for _ in 0..<2 { _ = try second.runEpoch { _ in } }
        let numbers = [straight, second].map { run in
            run.graph.nodes.flatMap { $0.operation.parameters.flatMap(\.numbers) }.map(\.bitPattern)
        }
        #expect(numbers[0] == numbers[1])
        #expect(numbers[0].contains { $0 != 0 })
    }

    @Test func aTeacherIsEnough() throws {
        let teacher = try run { $0.epochs = 12 }
        for _ in 0..<12 { _ = try teacher.runEpoch { _ in } }
        let student = try run {
            $0.epochs = 12
            $0.seed = 4
            $0.distillation = .init(teacher: teacher.graph)
            $0.validation = $0.training
            $0.training[0].isUnlabelled = true
        }
        var last: TrainingRun.Epoch?
        for _ in 0..<12 { last = try student.runEpoch { _ in } }
        #expect(last?.accuracy == nil)
        #expect(last?.validation == 1)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let run = try run()
        _ = try run.runEpoch { _ in }
        let files = try run.recipe.write(run.graph, stem: "\(folder)/out")
        #expect(
            files.map { $0.dropFirst(folder.count + 1) } == [
                "out.onnx", "out.kws.json", "out.safetensors",
            ])
        let read = try ModelFile.load(path: files[0])
        #expect(read.description.labels == ["tone", "noise"])
        #expect(read.description.frontEnd == run.recipe.model.description.frontEnd)
        var (before, after) = (FloatEvaluator(run.graph), FloatEvaluator(read.graph))
        let input = (0..<120).map { Float($0 % 7) - 3 }
        // The same operations in the same order.
        #expect(before(input) == after(input))
    }

    @Test func aForeignLabelIsNamed() throws {
        try FileManager.default.moveItem(
            atPath: "\(folder)/toy/noise", toPath: "\(folder)/toy/hum")
        let error = #expect(throws: EvaluationError.self) { try self.run() }
        #expect(error?.description.contains("label 'hum'") == true)
    }

    @Test func aDamagedClipIsNamed() throws {
        try Data("RIFF".utf8).write(to: URL(fileURLWithPath: "\(folder)/toy/tone/3.wav"))
        let error = #expect(throws: EvaluationError.self) { try self.run() }
        #expect(error?.place.hasSuffix("toy/tone/3.wav") == true)
    }

    @Test func aRateThatIsTooLargeEndsTheRun() throws {
        let run = try run { $0.rate = 1e30 }
        #expect(throws: TrainingError.self) {
            for _ in 0..<4 { _ = try run.runEpoch { _ in } }
        }
    }

    /// A dense network learns on normalised features and is given back for plain ones.
    @Test func normalisedFeaturesChangeNoFunction() throws {
        let run = try run {
            $0.optimiser = .adam
            $0.rate = 1e-12
            $0.epochs = 1
            var graph = FloatGraph(name: "dense", inputShape: [10, 12, 1])
            let flat = try? graph.append(.reshape([120]), name: "flat", inputs: [graph.input])
            let weights = (0..<240).map { Float($0 % 11) - 5 }
            _ = try? graph.append(
                .dense(weights: weights, bias: [3, -2]), name: "fc", inputs: [flat ?? graph.input])
            $0.model.graph = graph
            $0.isImported = true
        }
        let before = run.recipe.model.graph
        _ = try run.runEpoch { _ in }
        guard case .dense(let old, let oldBias) = before.nodes[1].operation,
            case .dense(let new, let newBias) = run.graph.nodes[1].operation
        else {
            Issue.record("other nodes")
            return
        }
        // Twice a product and a rounding, and steps of 1e-12.
        for (x, y) in zip(old, new) { #expect(abs(x - y) <= abs(x) * 0x1p-22 + 1e-9) }
        // A bias goes up and down by 120 products of up to 5 and logarithms of up to 20.
        for (x, y) in zip(oldBias, newBias) { #expect(abs(x - y) < 120 * 100 * 0x1p-22) }
    }

    /// So does a recurrent one, whose rows share mean and deviation.
    @Test func normalisedRowsChangeNoFunction() throws {
        var graph = FloatGraph(name: "recurrent", inputShape: [10, 12, 1])
        let form = Recurrence(inputs: 12, units: 2, returnsSequence: false)
        let gru = GRU(
            form, weights: (0..<72).map { Float($0 % 11) - 5 },
            recurrentWeights: (0..<12).map { Float($0 % 5) - 2 },
            bias: (0..<6).map(Float.init), resetsAfter: true)
        try graph.append(.gru(gru), name: "gru", inputs: [graph.input])
        let run = try run {
            $0.optimiser = .adam
            $0.rate = 1e-12
            $0.epochs = 1
            $0.model.graph = graph
            $0.isImported = true
        }
        _ = try run.runEpoch { _ in }
        guard case .gru(let trained) = run.graph.nodes[0].operation else {
            Issue.record("other nodes")
            return
        }
        // As above, of 12 products; nothing at all if nothing was normalised.
        #expect(trained.weights != gru.weights)
        for (x, y) in zip(gru.weights, trained.weights) {
            #expect(abs(x - y) <= abs(x) * 0x1p-22 + 1e-9)
        }
        for (x, y) in zip(gru.bias, trained.bias) { #expect(abs(x - y) < 12 * 100 * 0x1p-22) }
        // The other numbers take no part.
        for (x, y) in zip(gru.recurrentWeights, trained.recurrentWeights) {
            #expect(abs(x - y) < 1e-9)
        }
    }

    /// Recurrent layers learn from a recipe, and what is written is read again.
    @Test func recurrentNetworksLearn() throws {
        var graph = FloatGraph(name: "recurrent", inputShape: [10, 12, 1])
        func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
        let form = Recurrence(inputs: 12, units: 6)
        try graph.append(
            .lstm(
                LSTM(
                    form, weights: zeros(4 * 6 * 12), recurrentWeights: zeros(4 * 6 * 3),
                    bias: zeros(24), peepholes: zeros(18), projection: zeros(18))),
            name: "lstm", inputs: [graph.input])
        let last = Recurrence(inputs: 3, units: 4, isBackward: true, returnsSequence: false)
        try graph.append(
            .gru(
                GRU(
                    last, weights: zeros(36), recurrentWeights: zeros(48), bias: zeros(12),
                    resetsAfter: true, candidate: .clippedReLU)),
            name: "gru", inputs: [graph.output])
        try graph.append(
            .dense(weights: zeros(8), bias: zeros(2)), name: "out", inputs: [graph.output])
        try graph.append(.softmax, name: "softmax", inputs: [graph.output])
        let run = try run {
            $0.optimiser = .adam
            $0.rate = 0.02
            $0.epochs = 12
            $0.validation = $0.training
            $0.model.graph = graph
        }
        var epoch: TrainingRun.Epoch?
        for _ in 0..<12 { epoch = try run.runEpoch { _ in } }
        #expect(epoch?.validation == 1)
        let files = try run.recipe.write(run.graph, stem: "\(folder)/out")
        let read = try ModelFile.load(path: files[0]).graph
        #expect(read.parameters == run.graph.parameters)
        let input = (0..<120).map { Float($0 % 7) - 3 }
        var (before, after) = (FloatEvaluator(run.graph), FloatEvaluator(read))
        #expect(before(input) == after(input))
    }

    @Test func labelsCountWhereTheyMatch() throws {
        func source(_ labels: [String]) throws -> Recipe.Source {
            try Recipe.Source.matching("\(folder)/toy", labels: labels)
        }
        #expect(!(try source(["tone", "noise"])).isUnlabelled)
        #expect(!(try source(["tone", "unknown"])).isUnlabelled)
        #expect(try source(["tone", "hum"]).isUnlabelled)
        #expect(try source(["yes", "unknown"]).isUnlabelled)
    }
}
