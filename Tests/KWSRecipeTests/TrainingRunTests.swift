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
