// SPDX-License-Identifier: Apache-2.0
//
// Goal: recipes cut when they say, what is cut stays zero to the bit, and a run goes on from a
// checkpoint with its masks; measures that look at the network beat chance.
// Method: schedules against numbers worked out by hand; the tones and noise of `TrainingRunTests`.

import Foundation
import KWSGraph
import KWSModelFile
import KWSPasses
import KWSRecipe
import Testing

struct PruningRecipeTests {
    private static func read(_ pruning: String, epochs: Int = 8) throws -> Recipe {
        try RecipeTests.load(
            RecipeTests.text.replacingOccurrences(
                of: "\"epochs\": 4", with: "\"epochs\": \(epochs), \"pruning\": \(pruning)"))
    }

    private static func schedule(_ keys: String) -> String {
        "{\"sparsity\": 0.5, \"schedule\": {\(keys)}}"
    }

    @Test func readsKeysAndDefaults() throws {
        let plain = try #require(try Self.read("{\"sparsity\": 0.9}").pruning)
        #expect(plain.settings.sparsity == 0.9 && plain.settings.measure == .input)
        #expect(plain.settings.scope == .global && plain.settings.granularity == .weights)
        #expect(plain.schedule == .gradual(first: 0, last: 4, everySteps: 20))
        let all = try #require(
            try Self.read(
                """
                {"sparsity": 0.5, "importance": "fisher", "scope": "layer", "block": [2, 4],
                 "schedule": {"kind": "iterative", "sparsities": [0.2, 0.5]}}
                """
            ).pruning)
        #expect(all.settings.measure == .fisher && all.settings.scope == .layer)
        #expect(all.settings.granularity == .blocks(BlockShape(outputs: 2, inputs: 4)))
        #expect(all.schedule == .iterative([0.2, 0.5]))
        let units = try Self.read("{\"sparsity\": 0.5, \"block\": \"unit\"}").pruning
        #expect(units?.settings.granularity == .units)
        let iterative = "{\"sparsity\": 0.8, \"schedule\": {\"kind\": \"iterative\"}}"
        let cuts = try Self.read(iterative, epochs: 9).pruning?.schedule
        #expect(cuts == .iterative([0.5, 0.7, 0.8]))
    }

    @Test(arguments: [
        ("{\"sparsity\": 1}", "a number from 0.0 to 0.99"),
        ("{\"sparsity\": 0.5, \"importance\": \"luck\"}", "\"centred\""),
        ("{\"sparsity\": \"search\"}", "clips to judge by"),
        ("{\"sparsity\": 0.5, \"tolerance\": 0.1}", "\"search\" only"),
        (schedule("\"kind\": \"oneShot\", \"epochs\": 2"), "\"oneShot\""),
        (schedule("\"kind\": \"gradual\", \"epochs\": [3, 3]"), "first"),
        ("{\"sparsity\": 0.9, \"schedule\": {\"kind\": \"iterative\"}}", "multiple of the 5 cuts"),
        (schedule("\"kind\": \"iterative\", \"sparsities\": [0.7, 0.5]"), "rising"),
        ("{\"sparsity\": 0.5, \"block\": 0}", "an integer from 1 to 64"),
    ])
    func whatIsWrongIsNamed(pruning: String, fact: String) {
        let error = #expect(throws: ModelFileError.self) { try Self.read(pruning) }
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }

    /// A unit of an LSTM is more than a row of a matrix.
    @Test func unitsOfRecurrentLayersAreRefused() {
        let text = RecipeTests.text.replacingOccurrences(
            of: "{\"kind\": \"flatten\"}",
            with: "{\"kind\": \"gru\", \"units\": 3, \"sequence\": false}"
        ).replacingOccurrences(
            of: "\"epochs\": 4",
            with: "\"epochs\": 4, \"pruning\": {\"sparsity\": 0.5, \"block\": \"unit\"}")
        let error = #expect(throws: ModelFileError.self) { try RecipeTests.load(text) }
        #expect(error?.description.contains("without LSTM and GRU layers") == true)
    }

    @Test func schedulesCutWhenTheySay() {
        func events(_ schedule: Recipe.Pruning.Schedule, _ sparsity: Double) -> [Int: Double] {
            let pruning = Recipe.Pruning(
                settings: PruningSettings(sparsity: sparsity), schedule: schedule)
            return Dictionary(
                uniqueKeysWithValues: (0..<40).compactMap { step in
                    pruning.sparsity(before: step, epochs: 4, stepsPerEpoch: 10).map { (step, $0) }
                })
        }
        let once: [Int: Double] = [0: 0.75]
        #expect(events(.oneShot, 0.75) == once)
        let cuts: [Int: Double] = [0: 0.5, 20: 0.75]
        #expect(events(.iterative([0.5, 0.75]), 0.75) == cuts)
        // p = 1/4, 1/2, 3/4, 1: 1 - (1 - p)^3 = 37/64, 56/64, 63/64, 64/64.
        let gradual = events(.gradual(first: 1, last: 3, everySteps: 5), 0.5)
        let expected: [Int: Double] = [
            15: 0.2890625, 20: 0.4375, 25: 0.4921875, 30: 0.5,
        ]
        #expect(gradual == expected)
        // An end between two cuts is one.
        let steps = events(.gradual(first: 0, last: 1, everySteps: 7), 0.5).keys.sorted()
        #expect(steps == [7, 10])
    }
}
