// SPDX-License-Identifier: Apache-2.0
//
// Goal: a run with a "quantisation" keeps its budget, and what it learned is what is compiled.
// Method: a network that tells tones from noise is trained, written, and trained on.

import Foundation
import KWSCompile
import KWSEmit
import KWSGraph
import KWSModelFile
import KWSRecipe
import KWSTrain
import Testing

@Suite final class RoundingRunTests: ToneClips {
    /// A recipe for a model that was trained and written, with a "quantisation".
    func rounding(_ quantisation: String, epochs: Int = 4, batch: Int = 16) throws -> TrainingRun {
        let run = try run { $0.epochs = 8 }
        for _ in 0..<8 { _ = try run.runEpoch { _ in } }
        _ = try run.recipe.write(run.graph, stem: "\(folder)/float")
        let text = """
            {"model": "\(folder)/float.onnx", "description": "\(folder)/float.kws.json",
             "training": [{"path": "toy"}], "validation": [{"path": "toy"}],
             "distillation": {"teacher": "self"}, "optimiser": {"kind": "adam", "rate": 0.002},
             "epochs": \(epochs), "batch": \(batch), "quantisation": \(quantisation)}
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

    @Test func batchNormsEndOnWhatTheyAreFoldedBy() throws {
        let run = try rounding(#"{"weights": 4, "activations": 4}"#)
        let layer = try #require(run.graph.nodes.first?.name)
        var before = try normMeans(of: layer, in: run)
        for epoch in 1...4 {
            _ = try run.runEpoch { _ in }
            let now = try normMeans(of: layer, in: run)
            #expect((now == before) == (epoch == 4), "epoch \(epoch)")
            before = now
        }
    }

    @Test func batchesTooSmallForStatisticsHaveNoNorms() throws {
        let run = try rounding(#"{"weights": 4, "activations": 4}"#, batch: 15)
        let layer = try #require(run.graph.nodes.first?.name)
        let error = #expect(throws: ModelFileError.self) { try normMeans(of: layer, in: run) }
        #expect(error?.found == "no such tensor" && error?.place.contains("\(layer)/norm") == true)
    }

    /// The running means of the batch norm that training put behind a layer.
    private func normMeans(of layer: String, in run: TrainingRun) throws -> [Float] {
        try run.save(to: "\(folder)/norms")
        return try SafetensorsFile(path: "\(folder)/norms").numbers(
            "1.\(layer)/norm.running_mean", shape: [4])
    }

    @Test func aBudgetThatCannotBeMetIsNamed() throws {
        let run = try rounding(#"{"weights": "learned", "budgetBytes": 45}"#, epochs: 1)
        let error = #expect(throws: TrainingError.self) { _ = try run.runEpoch { _ in } }
        #expect(error?.description.contains("2.0 at least") == true)
    }
}
