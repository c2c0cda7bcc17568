// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
package import KWSEvaluate
internal import KWSFrontEnd
package import KWSGraph
package import KWSModelFile
internal import KWSNumerics
internal import KWSPasses
package import KWSTrain

/// A recipe carried out: clips in memory, a network that learns from them epoch by epoch.
package final class TrainingRun {
    /// How far the running epoch is.
    package struct Step: Sendable {
        package var done: Int
        package var of: Int
        /// Means over the epoch so far.
        package var loss: Double
        /// Of the clips with a class; nil if there was none yet.
        package var accuracy: Double?
    }

    /// What an epoch came to.
    package struct Epoch: Sendable {
        /// Counted from 1.
        package var number: Int
        package var loss: Double
        /// Of the training clips with a class; nil without any.
        package var accuracy: Double?
        /// Of the validation clips; nil without any.
        package var validation: Double?
        /// Share of the weights that can be pruned which are held at zero; nil without pruning.
        package var sparsity: Double?
        package var seconds: Double
        package var samplesPerSecond: Double
    }

    /// Enough for means.
    private static let calibrationClips = 1000
    /// Clips of a batch whose moments say something, even of outputs of one pixel.
    private static let leastNormalised = 16

    package let recipe: Recipe
    let trainer: Trainer
    private let teacher: TrainableNetwork?
    let frontEnd: FloatFrontEnd
    let training: Examples
    let validation: Examples?
    /// Nil: samples are clips.
    let streams: TrainingStreams?
    /// What the trained network's inputs went through; its teacher and others get them as they are.
    let normalisation: InputNormalisation?
    let augmenter: Augmenter
    private let mixing: FeatureMixing?
    /// How features are rounded on their way into a rounded network.
    let input: InputQuantisation?
    /// Epochs in which widths are learned, 0 if they are given.
    let learningEpochs: Int
    /// The widths when learning ended, before they were made storable.
    package internal(set) var learnedWidths: WidthTable?
    /// Features of training clips that come again, by turn and clip.
    var known: [Int: [Float]] = [:]

    /// Reads the data and sets up the network.
    ///
    /// - Parameters:
    ///   - folder: what paths of data are relative to.
    ///   - mined: clips to train on beside the recipe's.
    ///   - threads: parts that a batch is cut into; other numbers give slightly other weights.
    package init(
        _ recipe: Recipe, data folder: String, mined: Examples? = nil, threads: Int,
        progress: Parallel.Progress? = nil
    ) throws {
        guard let definition = recipe.model.description.frontEnd else {
            throw EvaluationError(.badData, recipe.file, "the description has no front end")
        }
        let changesWeights = recipe.pruning != nil || recipe.quantisation != nil
        guard !recipe.model.description.isStateful || recipe.stream != nil || !changesWeights else {
            throw EvaluationError(
                .badData, recipe.file,
                "a stateful network is neither pruned nor rounded while it learns: it goes on from "
                    + "states that clips by themselves do not have")
        }
        self.recipe = recipe
        frontEnd = FloatFrontEnd(definition)
        let labels = recipe.model.description.labels
        let examples = try Examples(
            recipe.training, in: folder, labels: labels, progress: progress)
        training = mined.map { examples + $0 } ?? examples
        validation =
            recipe.validation.isEmpty
            ? nil : try Examples(recipe.validation, in: folder, labels: labels)
        augmenter = try Augmenter(recipe.augmentation, in: folder, seed: recipe.seed)
        var graph = recipe.model.graph
        if recipe.stream != nil {
            try SimplifyLayout().run(&graph)
            if recipe.model.description.isStateful { graph = graph.stateful }
        }
        streams = try TrainingStreams(
            recipe, graph, definition, training: training, validation: validation, in: folder)
        let stepsPerEpoch =
            ((streams?.training.count ?? training.count) + recipe.batch - 1) / recipe.batch
        var settings = recipe.settings(stepsPerEpoch: stepsPerEpoch)
        var options = TrainableNetwork.Options(batch: recipe.batch, threads: threads)
        if let quantisation = recipe.quantisation {
            try run(standardPasses, on: &graph)
            let input = InputQuantisation(
                features: try TrainingRun.plainFeatures(
                    of: TrainingRun.spread(500, of: training.count), from: training, frontEnd),
                hasFinePlane: recipe.model.description.hasFineInput
                    && quantisation.readsFinePlane(graph))
            options.quantisation = quantisation.network(input: input, graph: graph)
            options.quantisation?.normalises = recipe.batch >= TrainingRun.leastNormalised
            self.input = input
            learningEpochs = quantisation.isLearned ? (recipe.epochs + 1) / 2 : 0
            settings.widthCost = quantisation.cost(
                for: graph, steps: learningEpochs * stepsPerEpoch)
        } else {
            (input, learningEpochs) = (nil, 0)
        }
        // Features of training clips at even distances: what the network's inputs are like.
        let calibration: [[Float]]
        let isDense = recipe.quantisation == nil && InputNormalisation.applies(to: graph)
        if !isDense && recipe.distillation?.mixing == nil {
            calibration = []
        } else if let streams {
            calibration = try streams.calibration()
        } else {
            calibration = try TrainingRun.plainFeatures(
                of: TrainingRun.spread(TrainingRun.calibrationClips, of: training.count),
                from: training, frontEnd)
        }
        normalisation =
            isDense
            ? InputNormalisation(graph, features: calibration, areFramesAlike: streams != nil)
            : nil
        mixing = recipe.distillation?.mixing.map { [calibration] in
            FeatureMixing($0, features: calibration, seed: recipe.seed)
        }
        if let normalisation { graph = normalisation.absorbed(by: graph) }
        if recipe.pruning != nil { graph.addRecurrentBiases() }
        options.frozen = Set(graph.nodes.filter { $0.operation.contextRows != nil }.map(\.name))
        if let streams {
            if !recipe.isImported { graph = try Self.initialised(graph, options, recipe.seed) }
            graph = try streams.unrolled(graph)
        }
        let network = try TrainableNetwork(graph, options)
        teacher = try recipe.distillation.map {
            try TrainableNetwork($0.teacher, .init(batch: recipe.batch, threads: threads))
        }
        if let teacher, recipe.distillation?.hiddenWeight != 0 { try network.imitate(teacher) }
        if !recipe.isImported && streams == nil {
            var random = SplitMix64(seed: recipe.seed)
            network.initialise(.heFanOut, random: &random)
        }
        trainer = Trainer(network, settings, random: SplitMix64(seed: recipe.seed))
        if recipe.model.description.isStateful { try checkDecisions() }
        if input != nil { try startRounding() }
        if recipe.pruning != nil {
            trainer.startMask()
        } else if recipe.isImported {
            trainer.holdZeros()
        }
    }

    /// Epochs done.
    package var epoch: Int { trainer.progress.epoch }
    package var graph: FloatGraph {
        let trained = trainer.network.graph
        let window = streams?.unrolled.windowed(trained) ?? trained
        return normalisation?.released(from: window) ?? window
    }

    /// Whether the network can go on from decision to decision, which only the compiler knows: before it
    /// is trained rather than after.
    private func checkDecisions() throws {
        var model = recipe.model
        model.graph = graph
        let elements = graph.shape(of: graph.input).elements
        _ = try Compilation(model, features: [Array(repeating: 0, count: elements)])
    }

    /// A window's network with weights at random, whose fans are not those of its form along time.
    private static func initialised(
        _ graph: FloatGraph, _ options: TrainableNetwork.Options, _ seed: UInt64
    ) throws(GraphError) -> FloatGraph {
        var options = options
        options.batch = 1
        let network = try TrainableNetwork(graph, options)
        var random = SplitMix64(seed: seed)
        network.initialise(.heFanOut, random: &random)
        return network.graph
    }

    /// Clips or sequences of an epoch.
    private var samplesPerEpoch: Int { streams?.training.count ?? training.count }

    package func save(to path: String) throws { try trainer.save(to: path) }
    package func restore(from path: String) throws {
        try trainer.restore(from: path)
        if learningEpochs > 0, epoch >= learningEpochs { trainer.network.keepFixedWidths() }
    }

    /// The grids that the network rounds to and their widths; nil if it does not.
    ///
    /// - Requires: all epochs are done.
    package var learnedQuantisation: LearnedQuantisation? { trainer.network.learnedQuantisation }
    package var widths: WidthTable { trainer.network.widths }

    /// Runs one epoch over all clips in a new order.
    package func runEpoch(_ observe: (Step) -> Void) throws -> Epoch {
        let start = Date()
        if recipe.quantisation != nil { trainer.settings.statistics = normStatistics }
        var order = Array(0..<samplesPerEpoch)
        var random = SplitMix64(seed: recipe.seed, index: epoch)
        order.shuffle(using: &random)
        var (loss, correct, labelled, done) = (0.0, 0, 0, 0)
        var accuracy: Double? { labelled > 0 ? Double(correct) / Double(labelled) : nil }
        for first in stride(from: 0, to: order.count, by: recipe.batch) {
            let chosen = Array(order[first..<min(first + recipe.batch, order.count)])
            try pruneIfDue()
            var batch = try batch(of: chosen)
            batch.inputs = normalised(batch.inputs)
            let result = try trainer.step(batch)
            loss += result.loss * Double(chosen.count)
            correct += result.correct
            labelled += result.samples
            done += chosen.count
            observe(
                Step(
                    done: done, of: order.count, loss: loss / Double(done),
                    accuracy: accuracy))
        }
        trainer.endEpoch()
        try learnWidths(order)
        let seconds = Date().timeIntervalSince(start)
        return Epoch(
            number: epoch, loss: loss / Double(done), accuracy: accuracy,
            validation: try validationAccuracy(), sparsity: sparsity, seconds: seconds,
            samplesPerSecond: Double(done) / seconds)
    }

    /// Clips, augmented for training, with their classes and what the teacher says of them.
    func batch(of chosen: [Int]) throws(EvaluationError) -> Batch {
        if let sequences = streams?.training {
            return try sequences.batch(chosen.map { epoch * sequences.count + $0 })
        }
        var batch = Batch(
            inputs: try features(of: chosen), labels: chosen.map { training.classes[$0] })
        if let mixing {
            mixing.mix(&batch, step: trainer.progress.step)
            batch.inputs = rounded(batch.inputs)
        }
        return taught(batch)
    }

    /// A batch with what the teacher says of it.
    func taught(_ batch: Batch) -> Batch {
        var batch = batch
        if let teacher {
            _ = teacher.inputs.update(fromContentsOf: batch.inputs)
            teacher.forward(samples: batch.labels.count, statistics: .frozen)
            batch.teacher = Array(teacher.logits)
        }
        return batch
    }
}
