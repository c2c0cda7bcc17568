// SPDX-License-Identifier: Apache-2.0
//
// Goal: a recipe's run learns, goes on from a checkpoint to the same bits, and refuses data that do
// not fit. Method: tones and noise written as WAV files into a temporary folder.

import Foundation
import KWSCompile
import KWSEmit
import KWSEvaluate
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSPasses
import KWSRecipe
import KWSTrain
import Testing

@Suite final class TrainingRunTests {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("training-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    init() throws {
        var random = SplitMix64(seed: 9)
        for (label, isTone) in [("tone", true), ("noise", false)] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/toy/\(label)", withIntermediateDirectories: true)
            for number in 0..<12 {
                let pitch = random.uniform(0.05...0.2)
                let samples = (0..<5120).map { i -> Int16 in
                    let wave = isTone ? sin(pitch * Double(i)) : random.uniform(-1...1)
                    return Int16(8000 * wave)
                }
                try write(samples, to: "\(folder)/toy/\(label)/\(number).wav")
            }
        }
    }

    func write(_ samples: [Int16], to path: String) throws {
        var bytes: [UInt8] = []
        func put(_ text: String) { bytes += Array(text.utf8) }
        func put(_ number: Int, _ count: Int) {
            bytes += (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        put("RIFF")
        put(36 + 2 * samples.count, 4)
        put("WAVEfmt ")
        for (number, count) in [(16, 4), (1, 2), (1, 2), (16000, 4), (32000, 4), (2, 2), (16, 2)] {
            put(number, count)
        }
        put("data")
        put(2 * samples.count, 4)
        for sample in samples { put(Int(sample), 2) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func run(_ change: (inout Recipe) -> Void = { _ in }) throws -> TrainingRun {
        var recipe = try RecipeTests.load(RecipeTests.text)
        recipe.augmentation.shiftMilliseconds = 20
        recipe.augmentation.gainDecibels = 3
        recipe.augmentation.speed = 0.05
        recipe.augmentation.masks = Recipe.Masks(count: 1, frames: 2, features: 2)
        change(&recipe)
        return try TrainingRun(recipe, data: folder, threads: 2)
    }

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

    /// A recipe for a model that was trained and written, with a "quantisation".
    func rounding(_ quantisation: String, epochs: Int = 4) throws -> TrainingRun {
        let run = try run { $0.epochs = 8 }
        for _ in 0..<8 { _ = try run.runEpoch { _ in } }
        _ = try run.recipe.write(run.graph, stem: "\(folder)/float")
        let text = """
            {"model": "\(folder)/float.onnx", "description": "\(folder)/float.kws.json",
             "training": [{"path": "toy"}], "validation": [{"path": "toy"}],
             "distillation": {"teacher": "self"}, "optimiser": {"kind": "adam", "rate": 0.002},
             "epochs": \(epochs), "batch": 8, "quantisation": \(quantisation)}
            """
        return try TrainingRun(try RecipeTests.load(text), data: folder, threads: 2)
    }

    @Test(arguments: ["brevitas", "uhlich", "measured"])
    func learnedWidthsAreWrittenAndCompiled(form: String) throws {
        let run = try rounding(
            #"{"weights": "learned", "activations": "learned", "form": "\#(form)", "#
                + #""weightBits": 3, "activationBits": 4}"#, epochs: 8)
        var last: TrainingRun.Epoch?
        for _ in 0..<8 { last = try run.runEpoch { _ in } }
        #expect(last?.validation ?? 0 >= 0.9)
        #expect(run.widths.weights.meanStoredBits <= 3)
        #expect(run.widths.activations.meanStoredBits <= 4)
        let files = try run.recipe.write(
            run.graph, quantisation: run.learnedQuantisation, stem: "\(folder)/rounded")
        let read = try ModelFile.load(path: files[0])
        #expect(read.description.quantisation == run.learnedQuantisation)
        let compilation = try Compilation(read, features: [])
        for layer in compilation.model.graph.layers where !layer.operation.weights.isEmpty {
            #expect(layer.weightBits == run.learnedQuantisation?[layer.name]?.weights?.bits)
        }
    }

    @Test func aBudgetThatCannotBeMetIsNamed() throws {
        let run = try rounding(#"{"weights": "learned", "budgetBytes": 45}"#, epochs: 1)
        let error = #expect(throws: TrainingError.self) { _ = try run.runEpoch { _ in } }
        #expect(error?.description.contains("2.0 at least") == true)
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
}

/// What pruning does to a run.
extension TrainingRunTests {
    private func pruned(
        _ schedule: Recipe.Pruning.Schedule, _ measure: ImportanceMeasure = .input,
        sparsity: Double = 0.5, granularity: PruningGranularity = .weights,
        _ change: (inout Recipe) -> Void = { _ in }
    ) throws -> TrainingRun {
        try run {
            $0.batch = 4
            $0.pruning = Recipe.Pruning(
                settings: PruningSettings(
                    sparsity: sparsity, measure: measure, granularity: granularity),
                schedule: schedule)
            change(&$0)
        }
    }

    private func weights(_ run: TrainingRun) -> [Float] { run.graph.prunable.flatMap(\.weights) }

    @Test(arguments: ImportanceMeasure.allCases)
    func whatIsCutStaysZero(measure: ImportanceMeasure) throws {
        // 24 clips in batches of 4: 6 steps an epoch, cuts before steps 3, 6, 9 and 12.
        let run = try pruned(.gradual(first: 0, last: 2, everySteps: 3), measure) {
            $0.optimiser = .adam
            $0.rate = 0.01
            $0.weightDecay = 0.01
        }
        var gone: Set<Int> = []
        for _ in 1...4 {
            let result = try run.runEpoch { _ in }
            let zeros = Set(weights(run).indices.filter { weights(run)[$0].bitPattern == 0 })
            #expect(zeros.isSuperset(of: gone))
            gone = zeros
            #expect(result.sparsity == Double(zeros.count) / 44)
        }
        #expect(gone.count == 22)
        #expect(weights(run).count { $0 != 0 } == 22)
    }

    @Test func masksGoOnFromACheckpoint() throws {
        func make() throws -> TrainingRun {
            try pruned(.gradual(first: 0, last: 3, everySteps: 4), .centred)
        }
        let straight = try make()
        for _ in 0..<4 { _ = try straight.runEpoch { _ in } }
        let first = try make()
        for _ in 0..<2 { _ = try first.runEpoch { _ in } }
        try first.save(to: "\(folder)/state")
        let second = try make()
        try second.restore(from: "\(folder)/state")
        for _ in 0..<2 { _ = try second.runEpoch { _ in } }
        #expect(weights(straight).map(\.bitPattern) == weights(second).map(\.bitPattern))
        #expect(weights(straight).count { $0 == 0 } == 22)
        // A run without masks has another state.
        let plain = try run { $0.batch = 4 }
        #expect(throws: ModelFileError.self) {
            try second.save(to: "\(folder)/masked")
            try plain.save(to: "\(folder)/plain")
            try second.restore(from: "\(folder)/plain")
        }
    }

    @Test func unitsAreCutAndGone() throws {
        let run = try pruned(.oneShot, .rms, granularity: .units) { $0.epochs = 2 }
        for _ in 0..<2 { _ = try run.runEpoch { _ in } }
        // 22 of 44 weights, in units of 9.
        #expect(try PrunedSize(run.graph).widths == [2, 2])
    }

    @Test func importanceBeatsChance() throws {
        // A network that knows tones from noise loses most of its weights at once.
        let trained = try run {
            $0.epochs = 12
            $0.validation = $0.training
        }
        for _ in 0..<12 { _ = try trained.runEpoch { _ in } }
        func loss(_ measure: ImportanceMeasure, seed: UInt64) throws -> Double {
            let run = try pruned(.oneShot, measure, sparsity: 0.7) {
                $0.model.graph = trained.graph
                $0.isImported = true
                $0.rate = 1e-9
                $0.seed = seed
                $0.augmentation.shiftMilliseconds = 0
                $0.augmentation.speed = 0
                $0.augmentation.masks = nil
            }
            return try run.runEpoch { _ in }.loss
        }
        let chance = try (1...5).map { try loss(.random, seed: $0) }.reduce(0, +) / 5
        for measure in [ImportanceMeasure.input, .rms, .centred, .magnitude] {
            let measured = try loss(measure, seed: 1)
            #expect(measured < chance, "\(measure.rawValue)")
        }
    }

    @Test func theSearchEndsWhereTheNetworkSuffers() throws {
        let trained = try run { $0.epochs = 12 }
        for _ in 0..<12 { _ = try trained.runEpoch { _ in } }
        let run = try run {
            $0.epochs = 12
            $0.model.graph = trained.graph
            $0.isImported = true
            $0.validation = $0.training
            $0.pruning = Recipe.Pruning(
                settings: PruningSettings(sparsity: 0.98), schedule: .iterative([0.3, 0.98]),
                tolerance: 0.05)
        }
        let search = try #require(try SizeSearch(run))
        #expect(search.start >= 0.9)
        var cuts: [SizeSearch.Cut] = []
        for _ in 0..<12 {
            if let cut = try search.judge(run, try run.runEpoch { _ in }) { cuts.append(cut) }
        }
        let sparsities: [Double] = [0.295_454_545_454_545_45, 0.954_545_454_545_454_5]
        #expect(cuts.count == 2)
        for (cut, sparsity) in zip(cuts, sparsities) {
            #expect(abs(cut.sparsity - sparsity) < 1e-9)
        }
        for cut in cuts { #expect(cut.passes == (cut.accuracy >= search.start - 0.05)) }
        #expect(cuts[0].size.nonZeros > cuts[1].size.nonZeros)
        #expect(cuts[0].accuracy > 0.9)
        let plain = try self.run()
        #expect(try SizeSearch(plain) == nil)
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
