// SPDX-License-Identifier: Apache-2.0
//
// Goal: LSTM and GRU are trained to be rounded, and compiling rounds to the levels that were trained.
// Method: networks that tell tones from noise frame by frame are trained, written, rounded, compiled.

import Foundation
import KWSCompile
import KWSEmit
import KWSGraph
import KWSModelFile
import KWSPasses
import KWSRecipe
import KWSTrain
import Testing

@Suite final class RecurrentRoundingRunTests: ToneClips {
    /// A recipe for a model with such a layer that was trained and written.
    private func rounding(
        _ layer: String, _ quantisation: String, isFine: Bool = false,
        change: (inout FloatGraph) -> Void = { _ in }
    ) throws -> TrainingRun {
        var recipe = try RecipeTests.load(
            try RecipeTests.text(recurrent: layer).replacingOccurrences(
                of: "\"name\": \"toy\"", with: "\"name\": \"toy\", \"fineInput\": \(isFine)"))
        recipe.optimiser = .adam
        recipe.rate = 0.01
        recipe.epochs = 8
        let run = try TrainingRun(recipe, data: folder, threads: 2)
        for _ in 0..<8 { _ = try run.runEpoch { _ in } }
        var graph = run.graph
        change(&graph)
        _ = try run.recipe.write(graph, stem: "\(folder)/float")
        return try TrainingRun(
            try RecipeTests.load(
                """
                {"model": "\(folder)/float.onnx", "description": "\(folder)/float.kws.json",
                 "training": [{"path": "toy"}], "validation": [{"path": "toy"}],
                 "distillation": {"teacher": "self"}, "optimiser": {"kind": "adam", "rate": 0.002},
                 "epochs": 6, "batch": 8, "quantisation": \(quantisation)}
                """), data: folder, threads: 2)
    }

    private func compiled(_ run: TrainingRun) throws -> Compilation {
        let files = try run.recipe.write(
            run.graph, quantisation: run.learnedQuantisation, stem: "\(folder)/rounded")
        let read = try ModelFile.load(path: files[0])
        #expect(read.description.quantisation == run.learnedQuantisation)
        return try Compilation(read, features: [])
    }

    @Test(arguments: RecurrentPruningRunTests.layers, [8, 4, 3, 2])
    func levelsAreCompiled(layer: String, bits: Int) throws {
        let run = try rounding(layer, "{\"weights\": \(bits)}")
        var last: TrainingRun.Epoch?
        for _ in 0..<6 { last = try run.runEpoch { _ in } }
        // Chance is a half.
        #expect(last?.validation ?? 0 >= (bits > 2 ? 0.9 : 0.7))
        let quantised = try compiled(run).model.graph
        let found = try #require(quantised.layers.first { $0.name == "cell" })
        guard case .recurrent(let recurrence) = found.operation else {
            Issue.record("no recurrent layer")
            return
        }
        let learned = try #require(run.learnedQuantisation?["cell"])
        let grid = try #require(learned.weights)
        #expect(found.weightBits == bits && grid.bits == bits)
        #expect(quantised.tensors[found.output.index].quantisation == learned.output)
        #expect(recurrence.scaling.stateRange == learned.cellRange ?? 0)
        // Level times step, row by row in stored order, is the weight that was trained.
        let node = try #require(run.graph.nodes.first { $0.name == "cell" })
        let order = QuantRecurrence.rowOrder(
            recurrence.cell, units: recurrence.recurrence.units)
        var (place, first) = (0, 0)
        for role in [WeightRole.weights, .recurrentWeights, .projection] {
            guard let weights = node.operation.matrices[role] else { continue }
            let rows = role == .projection ? Array(0..<recurrence.outputs) : order
            let columns = weights.count / rows.count
            for row in rows {
                for column in 0..<columns {
                    let level = Double(recurrence.weights[place])
                    let weight = Double(weights[row * columns + column])
                    let step = grid.steps[first + row]
                    // The product was rounded to a float.
                    #expect(abs(level * step - weight) <= abs(weight) * 0x1p-24)
                    place += 1
                }
            }
            first += rows.count
        }
        #expect(place == recurrence.weights.count && first == grid.steps.count)
    }

    /// Narrow weights would round a fine plane's to nothing.
    @Test(arguments: ["8", "4", "{\"default\": 8, \"cell\": 3}", "{\"default\": 4, \"cell\": 8}"])
    func fineFeaturesAreReadWithEightBits(weights: String) throws {
        let run = try rounding(
            RecurrentPruningRunTests.layers[1], "{\"weights\": \(weights)}", isFine: true)
        _ = try run.runEpoch { _ in }
        let isFine = ["8", "{\"default\": 4, \"cell\": 8}"].contains(weights)
        #expect(run.learnedQuantisation?.input.hasFinePlane == isFine)
        #expect(try compiled(run).input.hasFinePlane == isFine)
    }

    @Test(arguments: [
        ("\"input\": {", "\"input\": {\"fine\": true, ", "\"fineInput\" only"),
        ("\"cellRange\": ", "\"cellRange\": 9", "an integer from 0 to 12"),
    ])
    func badGridsAreNamed(old: String, new: String, fact: String) throws {
        let run = try rounding(RecurrentPruningRunTests.layers[0], "{\"weights\": 4}")
        _ = try compiled(run)
        let path = "\(folder)/rounded.kws.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(old))
        try Data(text.replacingOccurrences(of: old, with: new).utf8)
            .write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ModelFileError.self) {
            try ModelFile.load(path: "\(self.folder)/rounded.onnx")
        }
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["measured", "brevitas", "uhlich"])
    func widthsAreLearned(form: String) throws {
        let run = try rounding(
            RecurrentPruningRunTests.layers[2],
            "{\"weights\": \"learned\", \"form\": \"\(form)\", \"weightBits\": 4}")
        for _ in 0..<6 { _ = try run.runEpoch { _ in } }
        #expect(run.widths.weights.map(\.name) == ["cell", "dense1"])
        #expect(run.widths.weights.meanStoredBits <= 4)
        let layers = try compiled(run).model.graph.layers
        for layer in layers where !layer.operation.weights.isEmpty {
            #expect(layer.weightBits == run.learnedQuantisation?[layer.name]?.weights?.bits)
        }
    }

    /// Pruning first.
    @Test func zerosStayZero() throws {
        let run = try rounding(RecurrentPruningRunTests.layers[0], "{\"weights\": 4}") { graph in
            Prune(PruningSettings(sparsity: 0.6, measure: .magnitude))(&graph)
        }
        func weights() -> [Float] { run.graph.prunable.flatMap(\.weights) }
        let old = run.recipe.model.graph.prunable.flatMap(\.weights)
        for _ in 0..<6 { _ = try run.runEpoch { _ in } }
        let new = weights()
        #expect(zip(old, new).allSatisfy { $0 != 0 || $1 == 0 })
        #expect(old.count { $0 == 0 } == Int((0.6 * Double(old.count)).rounded()))
        let tables = try compiled(run).model.graph.layers.flatMap(\.operation.weights)
        #expect(tables.count { $0 == 0 } == new.count { $0 == 0 })
    }
}
