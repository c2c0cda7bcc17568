// SPDX-License-Identifier: Apache-2.0
//
// Goal: a recipe is read as written, and what is wrong in it is named. Method: a small recipe, one
// change at a time.

import Foundation
import KWSGraph
import KWSModelFile
import KWSTrain
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

    /// The same with a recurrent layer, named cell, in place of the convolution and its pool.
    static func text(recurrent layer: String) throws -> String {
        let start = try #require(text.range(of: "{\"kind\": \"convolution\""))
        let end = try #require(text.range(of: "\"training\""))
        return "\(text[..<start.lowerBound]) {\"name\": \"cell\", \(layer), \"sequence\": false}, "
            + "{\"kind\": \"dense\", \"outputs\": 2}]}, " + text[end.lowerBound...]
    }

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

    /// A CRNN: one bias a gate, both directions behind one another.
    @Test func readsRecurrentLayers() throws {
        let layers = """
            {"kind": "convolution", "outputs": 4, "kernel": [3, 3], "stride": [2, 2],
              "padding": "same", "activation": "relu"},
            {"name": "a", "kind": "gru", "units": 3, "direction": "both"},
            {"name": "b", "kind": "lstm", "units": 6, "projection": 2, "peepholes": true,
              "sequence": false}, {"kind": "dense", "outputs": 2}]},
            """
        let end = try #require(Self.text.range(of: "\"training\""))
        let start = try #require(Self.text.range(of: "{\"kind\": \"convolution\""))
        let recipe = try Self.load(
            "\(Self.text[..<start.lowerBound])\(layers)\(Self.text[end.lowerBound...])")
        let graph = recipe.model.graph
        #expect(
            graph.nodes.map(\.name) == [
                "convolution0", "convolution0/activation", "a/forward", "a/backward", "a", "b",
                "dense3", "softmax",
            ])
        #expect(graph.values.map(\.shape)[3...6] == [[5, 1, 3], [5, 1, 3], [5, 1, 6], [2]])
        var trainable = 4 * 9 + 4 + 2 * 9 * (6 * 4 + 3 + 1)
        trainable += 24 * (6 + 2 + 1) + 18 + 12 + 2 * 2 + 2
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: 1, threads: 1))
        #expect(network.parameters.count == trainable)
    }

    @Test(arguments: [
        ("\"kind\": \"flatten\"", "\"kind\": \"gru\"", "no \"units\""),
        (
            "\"kind\": \"flatten\"", "\"kind\": \"gru\", \"units\": 3, \"reset\": \"never\"",
            "\"before\", \"after\""
        ),
        (
            "\"kind\": \"flatten\"", "\"kind\": \"lstm\", \"units\": 3, \"candidate\": \"tanh\"",
            "unknown key \"candidate\""
        ),
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
