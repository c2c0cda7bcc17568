// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses
internal import KWSRecipe
internal import KWSReport
internal import KWSTrain

let pruneOptions: [Arguments.Option] = [
    .init(
        "--prune", "SHARE",
        "set this share of the weights to zero, 0 to 0.99: by --train, else in one shot"),
    .init("--prune-block", "N", "in blocks of N outputs that read one input (default 1)"),
]

/// Clips that a cut in one shot looks at: covariances of 400 inputs fit fewer by heart.
private let prunedClips = 2000

/// What `--prune` did, for reports.
struct PruneSummary {
    let size: PrunedSize
    /// Share of the weights that can be pruned.
    let sparsity: Double
    /// How, in a sentence.
    let text: String
    let isRetrained: Bool
    /// What it left.
    let network: FloatGraph

    var step: Report.Step {
        Report.Step(
            name: "prune", summary: text,
            facts: [
                ("weights removed", "\(JSON.decimal(100 * sparsity, digits: 1)) %"),
                ("weights left", "\(size.nonZeros)"),
                ("multiplications left", "\(size.macs)"),
                ("outputs of the layers", size.widths.map(String.init).joined(separator: ", ")),
            ], isRetrained: isRetrained, network: network)
    }
}

/// Prunes the model as a command line asks.
///
/// - Parameter calibration: where the network's inputs come from if there are recordings.
/// - Returns: nil if it does not ask.
func prune(
    _ model: inout LoadedModel, _ arguments: Arguments, _ calibration: CalibrationSource
) throws -> PruneSummary? {
    guard let sparsity = try arguments.number("--prune", in: 0...0.99) else {
        guard arguments.text("--prune-block") == nil else {
            throw UsageError("--prune-block goes with --prune")
        }
        return nil
    }
    guard model.description.quantisation == nil else {
        throw UsageError("--prune comes before training to be rounded, which this model has had")
    }
    let block = try arguments.integer("--prune-block", in: 1...64) ?? 1
    let epochs = try arguments.integer("--train-epochs", in: 1...10_000) ?? 30
    var settings = PruningSettings(
        sparsity: sparsity, granularity: .blocks(BlockShape(outputs: block, inputs: 1)))

    let text: String
    if let data = arguments.text("--train") {
        settings.measure = .surgeon
        let source = try Recipe.Source.matching(data, labels: model.description.labels)
        let recipe = Recipe.retraining(
            model, training: [source],
            pruning: settings,
            epochs: epochs)
        let run = try TrainingRun(
            recipe, data: ".", threads: ProcessInfo.processInfo.activeProcessorCount)
        try run.finish(checkpoint: nil)
        model.graph = run.graph
        text =
            "Retrained for \(epochs) epochs, taught by the model itself on mixtures of the recordings; "
            + "labels were not used."
    } else if calibration.path != nil {
        settings.measure = .surgeon
        let source = CalibrationSource(
            path: calibration.path, clips: max(calibration.clips, prunedClips))
        var features = try source.features(model)
        var gradients: [WeightGradients] = []
        var seen = model.graph
        if model.description.isStateful {
            // States have had time to grow.
            try SimplifyLayout().run(&model.graph)
            let shape = model.graph.shape(of: model.graph.input)
            seen = try UnrolledGraph(
                model.graph.stateful,
                frames: (features.first?.count ?? 0) * shape.extents[0] / shape.elements
            ).graph
        } else {
            features = seen.windows(of: features)
            gradients = try TrainableNetwork(model.graph, .init(batch: 1, threads: 1))
                .posteriorGradients(of: features, seed: settings.seed)
        }
        Prune(settings, of: seen, on: features, gradients: gradients)(&model.graph)
        text =
            "In one shot, the weights that stay make up for the others; --train DATA would cost "
            + "less accuracy."
    } else {
        Prune(settings)(&model.graph)
        text =
            "In one shot by |w| alone; --calibrate DATA or --train DATA would cost less accuracy."
    }
    let weights = model.graph.prunable.flatMap(\.weights)
    let zeros = weights.count { $0 == 0 }
    return PruneSummary(
        size: try PrunedSize(model.graph),
        sparsity: Double(zeros) / Double(max(1, weights.count)), text: text,
        isRetrained: arguments.text("--train") != nil, network: model.graph)
}

extension PrunedSize {
    /// Weights, widths of the layers, work.
    var text: String {
        "\(nonZeros) weights left, \(macs) MACs, about \(bytes) B as values and distances; "
            + "outputs of the layers: " + widths.map(String.init).joined(separator: ", ")
    }
}
