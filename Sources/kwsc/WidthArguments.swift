// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses
internal import KWSRecipe

/// Bits of a number of a hidden tensor that learned activations have at most, in the mean.
let learnedActivations = 4

/// What a command line asks of widths: given ones, searched ones, or learned ones.
struct WidthArguments {
    private let weights: String
    private let activations: String
    /// Nil: no limit.
    private let budget: Int?
    private let data: String?
    private let epochs: Int
    /// Whether the command line says anything of widths.
    private let isAsked: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        weights =
            try arguments.choice(
                "--weights", of: Widths.weightBits.map { "\($0)" } + ["auto", "learned"]) ?? "8"
        activations =
            try arguments.choice(
                "--activations", of: Widths.activationBits.map { "\($0)" } + ["learned"]) ?? "8"
        budget = try arguments.text("--budget").map(WidthArguments.bytes)
        data = arguments.text("--train")
        epochs = try arguments.integer("--train-epochs", in: 1...10_000) ?? 40
        isAsked = ["--weights", "--activations", "--budget", "--train"].contains {
            arguments.text($0) != nil
        }
        let isLearned = weights == "learned" || activations == "learned"
        guard data != nil || !isLearned else {
            throw UsageError("'learned' needs --train DATA")
        }
        guard data != nil || arguments.text("--train-epochs") == nil else {
            throw UsageError("--train-epochs needs --train DATA")
        }
        guard (weights == "auto" || weights == "learned") == (budget != nil) else {
            throw UsageError(
                budget == nil
                    ? "--weights \(weights) needs --budget BYTES"
                    : "--budget needs --weights auto or learned")
        }
    }

    /// Such as "8192", "8KB" (of 1024 bytes).
    private static func bytes(_ text: String) throws(UsageError) -> Int {
        let isKilo = text.uppercased().hasSuffix("KB")
        let number = Double(isKilo ? String(text.dropLast(2)) : text)
        guard let number, number > 0, number < 1e9 else {
            throw UsageError("--budget is '\(text)', allowed is a size such as 8KB or 10752")
        }
        return Int(number * (isKilo ? 1024 : 1))
    }

    /// Chooses widths for a model, or trains it to be rounded to them.
    ///
    /// - Parameter features: inputs of the network.
    /// - Returns: the widths to compile with where the model does not say itself.
    func apply(to model: inout LoadedModel, features: [[Float]]) throws -> Widths {
        if model.description.quantisation != nil {
            guard !isAsked else {
                throw UsageError(
                    "the model was trained to be rounded, so --weights, --activations, --budget and "
                        + "--train have nothing to say")
            }
            return Widths()
        }
        var widths = Widths(
            weights: Int(weights) ?? 8, activations: Int(activations) ?? 8)
        var bits: Double?
        if let budget {
            bits = try weightBits(of: model, features: features, budget: budget)
        }
        if weights == "auto" {
            widths.layers = try searched(model, features, bits: bits ?? 8)
        }
        if let data { try train(&model, widths: widths, bits: bits, data: data) }
        return widths
    }

    /// The bits a weight that a budget leaves beside what is stored of each channel, which a trial
    /// with 2 bits tells.
    private func weightBits(
        of model: LoadedModel, features: [[Float]], budget: Int
    ) throws -> Double {
        let trial = try Compilation(
            model, features: Array(features.prefix(2)),
            options: .init(widths: Widths(weights: 2, activations: Int(activations) ?? 8)))
        let least = trial.block.tableBytes
        guard least <= budget else { throw unmet(budget, smallest: least) }
        let weights = trial.model.graph.layers.reduce(0) { $0 + $1.operation.weights.count }
        return 2 + 8 * Double(budget - least) / Double(max(1, weights))
    }

    private func unmet(_ budget: Int, smallest: Int) -> GraphError {
        GraphError(
            node: "--budget",
            fact: "\(budget) bytes for weights and per-channel data; the smallest size reached is "
                + "\(smallest) bytes")
    }

    private func searched(
        _ model: LoadedModel, _ features: [[Float]], bits: Double
    ) throws -> [String: Int] {
        var graph = model.graph
        try run(standardPasses, on: &graph)
        let search = WidthSearch(graph, inputs: graph.windows(of: Array(features.prefix(60))))
        for layer in search.layers {
            let numbers = zip(Widths.weightBits, layer.divergence).map { width, divergence in
                "\(width): " + String(format: "%.5f", divergence)
            }
            Console.error("kwsc: \(layer.name) at bits \(numbers.joined(separator: ", "))\n")
        }
        guard let widths = search.widths(within: bits) else {
            throw GraphError(node: "--budget", fact: "2 bits a weight are more than \(bits)")
        }
        return widths
    }

    private func train(
        _ model: inout LoadedModel, widths: Widths, bits: Double?, data: String
    ) throws {
        var quantisation = Recipe.Quantisation()
        if weights == "learned" {
            quantisation.weights = .learned
            quantisation.weightBits = bits
        } else {
            quantisation.weights = .fixed(widths.weights, layers: widths.layers)
        }
        if activations == "learned" {
            quantisation.activations = .learned
            quantisation.activationBits = Double(learnedActivations)
        } else {
            quantisation.activations = .fixed(widths.activations, layers: [:])
        }
        let recipe = Recipe.rounding(
            model, training: [Recipe.Source(path: data)], quantisation, epochs: epochs)
        let training = try TrainingRun(
            recipe, data: ".", threads: ProcessInfo.processInfo.activeProcessorCount)
        try training.finish(checkpoint: nil)
        Console.error(widthReport(training))
        model.graph = training.graph
        model.description.quantisation = training.learnedQuantisation
    }

    /// - Throws: if what was compiled is beyond the budget.
    func check(_ compilation: Compilation) throws {
        guard let budget, compilation.block.tableBytes > budget else { return }
        throw unmet(budget, smallest: compilation.block.tableBytes)
    }
}
