// SPDX-License-Identifier: Apache-2.0
//
// Goal: LSTM and GRU layers are pruned while they learn: what is cut stays zero through time, in the
// checkpoint, the file and the compiled tables, and tones are still told from noise.
// Method: networks that read frames one by one.

import Foundation
import KWSCompile
import KWSEmit
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSPasses
import KWSRecipe
import Testing

@Suite final class RecurrentPruningRunTests: ToneClips {
    static let layers = [
        #""kind": "lstm", "units": 12, "peepholes": true, "projection": 6"#,
        #""kind": "gru", "units": 10, "reset": "before""#,
        #""kind": "gru", "units": 10, "reset": "after""#,
    ]

    private func recurrent(
        _ layer: String, _ schedule: Recipe.Pruning.Schedule, _ measure: ImportanceMeasure,
        sparsity: Double, granularity: PruningGranularity = .weights, epochs: Int = 4
    ) throws -> TrainingRun {
        var recipe = try RecipeTests.load(try RecipeTests.text(recurrent: layer))
        recipe.optimiser = .adam
        recipe.rate = 0.01
        recipe.weightDecay = 0.001
        recipe.epochs = epochs
        recipe.batch = 4
        recipe.validation = recipe.training
        recipe.pruning = Recipe.Pruning(
            settings: PruningSettings(
                sparsity: sparsity, measure: measure, granularity: granularity),
            schedule: schedule)
        return try TrainingRun(recipe, data: folder, threads: 2)
    }

    private func weights(_ graph: FloatGraph) -> [Float] { graph.prunable.flatMap(\.weights) }

    /// Every measure, every form of layer.
    @Test(arguments: layers, ImportanceMeasure.allCases)
    func whatIsCutStaysZero(layer: String, measure: ImportanceMeasure) throws {
        let run = try recurrent(
            layer, .gradual(first: 0, last: 2, everySteps: 3), measure, sparsity: 0.6)
        var gone: Set<Int> = []
        let count = weights(run.graph).count
        for _ in 1...4 {
            let result = try run.runEpoch { _ in }
            let all = weights(run.graph)
            let zeros = Set(all.indices.filter { all[$0].bitPattern == 0 })
            #expect(zeros.isSuperset(of: gone))
            gone = zeros
            #expect(result.sparsity == Double(zeros.count) / Double(count))
        }
        #expect(gone.count == Int((0.6 * Double(count)).rounded()))
        let matrices = run.graph.nodes[0].operation.matrices
        for weights in [matrices[.weights], matrices[.recurrentWeights]].compactMap({ $0 }) {
            #expect(weights.contains { $0 == 0 } && weights.contains { $0 != 0 })
        }
    }

    @Test(arguments: layers) func masksGoOnFromACheckpoint(layer: String) throws {
        let (straight, second) = try resumed {
            try recurrent(
                layer, .gradual(first: 0, last: 3, everySteps: 4), .surgeon, sparsity: 0.5,
                granularity: .blocks(BlockShape(outputs: 4, inputs: 1)))
        }
        let (all, again) = (weights(straight.graph), weights(second.graph))
        #expect(all.map(\.bitPattern) == again.map(\.bitPattern))
        #expect(all.count { $0 == 0 } > 2 * all.count / 5)
    }

    @Test(arguments: layers) func zerosAreWrittenAndCompiled(layer: String) throws {
        let run = try recurrent(
            layer, .gradual(first: 2, last: 8, everySteps: 3), .input, sparsity: 0.85, epochs: 16)
        var last: TrainingRun.Epoch?
        for _ in 0..<16 { last = try run.runEpoch { _ in } }
        // Chance is a half.
        #expect(last?.validation ?? 0 >= 0.9)
        let files = try run.recipe.write(run.graph, stem: "\(folder)/pruned")
        let read = try ModelFile.load(path: files[0])
        let (written, expected) = (weights(read.graph), weights(run.graph))
        let zeros = expected.count { $0 == 0 }
        #expect(zeros == Int((0.85 * Double(expected.count)).rounded()))
        #expect(written.count == expected.count)
        #expect(zip(written, expected).allSatisfy { ($0 == 0) == ($1 == 0) })
        var random = SplitMix64(seed: 4)
        let features = (0..<20).map { _ in
            (0..<120).map { _ in Float.random(in: -10...0, using: &random) }
        }
        let compiled = try Compilation(read, features: features)
        let tables = compiled.model.graph.layers.flatMap(\.operation.weights)
        #expect(tables.count == expected.count)
        #expect(tables.count { $0 == 0 } >= zeros)
    }

    /// Zeros of a file are those of a mask.
    @Test func importedZerosStay() throws {
        let cut = try recurrent(Self.layers[0], .oneShot, .magnitude, sparsity: 0.8, epochs: 1)
        _ = try cut.runEpoch { _ in }
        let old = weights(cut.graph)
        var recipe = cut.recipe
        recipe.pruning = nil
        recipe.model.graph = cut.graph
        recipe.isImported = true
        let run = try TrainingRun(recipe, data: folder, threads: 2)
        _ = try run.runEpoch { _ in }
        let new = weights(run.graph)
        #expect(zip(old, new).allSatisfy { ($0 == 0) == ($1 == 0) })
        #expect(old != new)
    }

    @Test func statefulNetworksAreRefused() throws {
        var recipe = try recurrent(
            Self.layers[1], .oneShot, .magnitude, sparsity: 0.5, epochs: 1
        ).recipe
        recipe.model.description.isStateful = true
        let error = #expect(throws: (any Error).self) {
            try TrainingRun(recipe, data: self.folder, threads: 2)
        }
        #expect(error.map { "\($0)".contains("a stateful network") } == true)
    }
}
