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

    package let recipe: Recipe
    let trainer: Trainer
    private let teacher: TrainableNetwork?
    private let frontEnd: FloatFrontEnd
    let training: Examples
    private let validation: Examples?
    /// Features of training clips at even distances: what the network's values are like.
    let calibration: [[Float]]
    /// What the trained network's inputs went through; its teacher and others get them as they are.
    let normalisation: InputNormalisation?
    private let augmenter: Augmenter
    /// How features are rounded on their way into a rounded network.
    private let input: InputQuantisation?
    /// Epochs in which widths are learned, 0 if they are given.
    private let learningEpochs: Int
    /// The widths when learning ended, before they were made storable.
    package private(set) var learnedWidths: WidthTable?
    /// Features of training clips that come again, by turn and clip.
    private var known: [Int: [Float]] = [:]

    /// Reads the data and sets up the network.
    ///
    /// - Parameters:
    ///   - folder: what paths of data are relative to.
    ///   - threads: parts that a batch is cut into; other numbers give slightly other weights.
    package init(
        _ recipe: Recipe, data folder: String, threads: Int,
        progress: Parallel.Progress? = nil
    ) throws {
        guard let definition = recipe.model.description.frontEnd else {
            throw EvaluationError(.badData, recipe.file, "the description has no front end")
        }
        self.recipe = recipe
        frontEnd = FloatFrontEnd(definition)
        let labels = recipe.model.description.labels
        training = try Examples(
            recipe.training, in: folder, labels: labels, progress: progress)
        validation =
            recipe.validation.isEmpty
            ? nil : try Examples(recipe.validation, in: folder, labels: labels)
        augmenter = try Augmenter(recipe.augmentation, in: folder)
        let stepsPerEpoch = (training.count + recipe.batch - 1) / recipe.batch
        var settings = recipe.settings(stepsPerEpoch: stepsPerEpoch)
        var options = TrainableNetwork.Options(batch: recipe.batch, threads: threads)
        var graph = recipe.model.graph
        if let quantisation = recipe.quantisation {
            try run(standardPasses, on: &graph)
            let input = InputQuantisation(
                features: try TrainingRun.plainFeatures(
                    of: TrainingRun.spread(500, of: training.count), from: training, frontEnd),
                hasFinePlane: recipe.model.description.hasFineInput)
            options.quantisation = quantisation.network(input: input, graph: graph)
            self.input = input
            learningEpochs = quantisation.isLearned ? (recipe.epochs + 1) / 2 : 0
            settings.widthCost = quantisation.cost(
                for: graph, steps: learningEpochs * stepsPerEpoch)
        } else {
            (input, learningEpochs) = (nil, 0)
        }
        let isDense = recipe.quantisation == nil && InputNormalisation.applies(to: graph)
        calibration =
            isDense || recipe.pruning != nil
            ? try TrainingRun.plainFeatures(
                of: TrainingRun.spread(TrainingRun.calibrationClips, of: training.count),
                from: training, frontEnd) : []
        normalisation = isDense ? InputNormalisation(graph, features: calibration) : nil
        if let normalisation { graph = normalisation.absorbed(by: graph) }
        let network = try TrainableNetwork(graph, options)
        teacher = try recipe.distillation.map {
            try TrainableNetwork($0.teacher, .init(batch: recipe.batch, threads: threads))
        }
        if !recipe.isImported {
            var random = SplitMix64(seed: recipe.seed)
            network.initialise(.heFanOut, random: &random)
        }
        trainer = Trainer(network, settings, random: SplitMix64(seed: recipe.seed))
        if input != nil { try fitGrids() }
        if recipe.pruning != nil {
            trainer.startMask()
        } else if recipe.isImported {
            trainer.holdZeros()
        }
    }

    /// Epochs done.
    package var epoch: Int { trainer.progress.epoch }
    package var graph: FloatGraph {
        normalisation?.released(from: trainer.network.graph) ?? trainer.network.graph
    }

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

    /// After an epoch: the next step down of widths that are measured, on the first batches of an
    /// order of clips; and after the last learning epoch the end of all learning.
    private func learnWidths(_ order: [Int]) throws {
        guard let quantisation = recipe.quantisation, epoch <= learningEpochs else { return }
        let isMeasured = quantisation.form == .measured
        if isMeasured {
            var batches: [Batch] = []
            for first in stride(from: 0, to: min(order.count, 3 * recipe.batch), by: recipe.batch) {
                batches.append(try batch(of: Array(order.dropFirst(first).prefix(recipe.batch))))
            }
            try trainer.network.narrowWidths(
                to: quantisation.budget(
                    for: graph, done: Double(epoch) / Double(learningEpochs)),
                batches: batches, loss: trainer.settings.loss)
        }
        guard epoch == learningEpochs else { return }
        learnedWidths = widths
        try trainer.network.fixWidths(within: quantisation.budget(for: graph))
        if !isMeasured { try fitGrids() }
    }

    /// Fits grids to a batch of clips as they are.
    private func fitGrids() throws {
        let features = try plainFeatures(
            of: TrainingRun.spread(recipe.batch, of: training.count), from: training)
        _ = trainer.network.inputs.update(fromContentsOf: features.flatMap { rounded($0) })
        trainer.network.fitGrids(samples: features.count)
    }

    /// What a network that rounds sees of features.
    private func rounded(_ features: [Float]) -> [Float] {
        input.map { features.map($0.rounded) } ?? features
    }

    /// Runs one epoch over all clips in a new order.
    package func runEpoch(_ observe: (Step) -> Void) throws -> Epoch {
        let start = Date()
        var order = Array(0..<training.count)
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
            labelled += batch.labels.count { $0 >= 0 }
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
    private func batch(of chosen: [Int]) throws(EvaluationError) -> Batch {
        taught(
            Batch(
                inputs: try features(of: chosen), labels: chosen.map { training.classes[$0] }))
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

    /// Features of augmented clips, each from numbers of its own: their order and the number of cores
    /// do not matter.
    private func features(of chosen: [Int]) throws(EvaluationError) -> [Float] {
        let (frontEnd, augmenter, training, input) = (frontEnd, augmenter, training, input)
        let (seed, turn) = (recipe.seed, augmenter.turn(of: epoch))
        let keys = chosen.map { turn &* training.count &+ $0 }
        let missing = zip(keys, chosen).filter { known[$0.0] == nil }
        let definition = frontEnd.definition
        let made = try Parallel.map(missing.count) { index throws(EvaluationError) in
            let (key, clip) = missing[index]
            var random = SplitMix64(seed: seed &+ 1, index: key)
            let pcm = augmenter.clip(
                training.pcm[clip], samples: definition.windowSamples, &random)
            var features = frontEnd.features(of: pcm)
            augmenter.mask(
                &features, frames: definition.frameCount, each: definition.featureCount, &random)
            return input.map { features.map($0.rounded) } ?? features
        }
        for ((key, _), features) in zip(missing, made) { known[key] = features }
        defer { if !augmenter.repeats { known = [:] } }
        return keys.flatMap { known[$0] ?? [] }
    }

    /// Of the network as it is; nil without validation clips.
    package func validationAccuracy() throws(EvaluationError) -> Double? {
        try validation.map { examples throws(EvaluationError) in try accuracy(on: examples) }
    }

    /// Share of clips whose class has the largest logit, with frozen statistics.
    package func accuracy(on examples: Examples) throws(EvaluationError) -> Double {
        let network = trainer.network
        var correct = 0
        for first in stride(from: 0, to: examples.count, by: recipe.batch) {
            let chosen = Array(first..<min(first + recipe.batch, examples.count))
            let features = try plainFeatures(of: chosen, from: examples)
            _ = network.inputs.update(fromContentsOf: normalised(features.flatMap { rounded($0) }))
            network.forward(samples: chosen.count, statistics: .frozen)
            correct += network.evaluate(Loss(), labels: chosen.map { examples.classes[$0] }).correct
        }
        return Double(correct) / Double(max(1, examples.count))
    }

    /// Features of clips as they are.
    func plainFeatures(
        of chosen: [Int], from examples: Examples
    ) throws(EvaluationError) -> [[Float]] {
        try TrainingRun.plainFeatures(of: chosen, from: examples, frontEnd)
    }

    private static func plainFeatures(
        of chosen: [Int], from examples: Examples, _ frontEnd: FloatFrontEnd
    ) throws(EvaluationError) -> [[Float]] {
        try Parallel.map(chosen.count) { index throws(EvaluationError) in
            frontEnd.features(of: examples.pcm[chosen[index]])
        }
    }

    func normalised(_ features: [Float]) -> [Float] { normalisation?(features) ?? features }

    /// At most `most` numbers at even distances below `count`.
    static func spread(_ most: Int, of count: Int) -> [Int] {
        let taken = min(most, count)
        return (0..<taken).map { $0 * count / taken }
    }
}
