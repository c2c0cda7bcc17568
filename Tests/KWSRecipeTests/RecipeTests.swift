// SPDX-License-Identifier: Apache-2.0
//
// Goal: a recipe is read as written, and what is wrong in it is named. Method: a small recipe, one
// change at a time.

import Foundation
import KWSGraph
import KWSModelFile
import Testing

struct RecipeTests {
    static let text = """
        {"description": {"name": "toy", "labels": ["tone", "noise"],
          "frontEnd": {"frameSamples": 512, "hopSamples": 512, "frameCount": 10, "fftPoints": 512,
            "window": "periodic-hann", "logarithm": {"naturalOfMaximum": 1e-6},
            "bands": {"kind": "triangles", "count": 12, "lowHertz": 100, "highHertz": 7000}}},
         "network": {"input": [10, 12, 1], "layers": [
           {"kind": "convolution", "outputs": 4, "kernel": [3, 3], "padding": "same",
            "batchNorm": true, "activation": "relu"},
           {"kind": "globalAveragePool"}, {"kind": "flatten"}, {"kind": "dense", "outputs": 2}]},
         "training": [{"path": "toy"}], "epochs": 4, "batch": 8, "seed": 3}
        """

    static func load(_ text: String) throws -> Recipe {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("recipe-\(UUID().uuidString).json").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Recipe.load(path: path)
    }

    @Test func readsNetworkAndDefaults() throws {
        let recipe = try Self.load(Self.text)
        #expect(recipe.model.graph.parameters == 4 * 9 + 4 * 4 + 2 * 4)
        #expect(recipe.model.description.labels == ["tone", "noise"])
        #expect(recipe.model.graph.nodes.last?.operation.name == "softmax")
        #expect(!recipe.isImported)
        #expect((recipe.epochs, recipe.batch, recipe.seed) == (4, 8, 3))
        #expect(recipe.rate == 0.05 && recipe.validation.isEmpty)
    }

    @Test(arguments: [
        ("\"epochs\": 4", "\"epochs\": 4, \"epoch\": 5", "unknown key \"epoch\""),
        ("\"epochs\": 4", "\"epochs\": 0", "an integer from 1 to 100000"),
        ("\"kind\": \"globalAveragePool\"", "\"kind\": \"pool\"", "\"globalAveragePool\""),
        ("\"outputs\": 2", "\"outputs\": 3", "2 labels; allowed: 3 labels"),
        ("\"kernel\": [3, 3]", "\"kernel\": [3]", "an array of 2 to 2 values"),
        ("\"network\"", "\"model\": \"x.onnx\", \"network\"", "both; allowed: either"),
        ("\"frontEnd\"", "\"frontend\"", "unknown key \"frontend\""),
        ("[{\"path\": \"toy\"}]", "[]", "an array of 1 to 64 values"),
        ("\"toy\"}]", "\"toy\", \"unlabelled\": true}]", "with \"distillation\" only"),
        ("\"seed\": 3", "\"quantisation\": {\"weights\": 4}", "of a trained \"model\""),
        ("\"seed\": 3", "\"distillation\": {\"teacher\": \"self\"}", "whose weights are random"),
    ])
    func whatIsWrongIsNamed(old: String, new: String, fact: String) throws {
        let text = Self.text.replacingOccurrences(of: old, with: new)
        #expect(text != Self.text)
        let error = #expect(throws: ModelFileError.self) { try Self.load(text) }
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }
}
