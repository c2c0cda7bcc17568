// SPDX-License-Identifier: Apache-2.0

package import KWSNumerics

/// Trains a network step by step; its state is all that a run needs to go on.
package final class Trainer {
    package struct Settings: Sendable {
        /// Of a sample, or of a row of sequences.
        package var loss = Loss()
        package var sequenceLoss = SequenceLoss(.frames)
        package var optimiser: any Optimiser = SGD()
        /// The learning rate at factor 1 of the schedule.
        package var rate: Float = 0.1
        package var schedule = Schedule.constant
        package var weightDecay: Float = 0
        /// Gradients with a larger Euclidean norm over all parameters are shrunk to it.
        package var largestNorm: Double?
        package var statistics = BatchStatistics.live(momentum: 0.1)
        /// What the bits of a rounded network cost.
        package var widthCost: WidthCost?

        package init() {}
    }

    /// How far a run has got.
    package struct Progress: Sendable, Equatable {
        /// Steps and epochs done.
        package var step = 0
        package var epoch = 0

        package init(step: Int = 0, epoch: Int = 0) {
            self.step = step
            self.epoch = epoch
        }
    }

    package let network: TrainableNetwork
    /// May change between steps, but for the optimiser's kind.
    package var settings: Settings {
        didSet {
            precondition(settings.optimiser.moments == oldValue.optimiser.moments, "one optimiser")
        }
    }
    package internal(set) var progress = Progress()
    /// What shuffling and augmentation draw from.
    package var random: SplitMix64
    /// The optimiser's vectors, laid out as the parameters.
    let moments: [FloatMemory]
    /// 1 for a parameter that lives, 0 for one that stays zero; nil if all live.
    var mask: FloatMemory?

    package init(_ network: TrainableNetwork, _ settings: Settings, random: SplitMix64) {
        self.network = network
        self.settings = settings
        self.random = random
        moments = settings.optimiser.moments.map { _ in FloatMemory(network.parameters.count) }
    }

    /// Forward, backward, update.
    ///
    /// - Throws: `TrainingError` if the batch does not fit the network, or if loss or gradient are
    ///   no finite numbers; then the parameters are those before the step, but live running
    ///   statistics have seen the batch: go on from a checkpoint.
    package func step(_ batch: Batch) throws(TrainingError) -> BatchLoss {
        try load(batch)
        network.forward(samples: batch.samples, statistics: settings.statistics)
        var result =
            batch.rows.isEmpty
            ? network.evaluate(settings.loss, labels: batch.labels, teacher: batch.teacher)
            : network.evaluate(settings.sequenceLoss, row: settings.loss, targets: batch.rows)
        try check(result.loss, "loss")
        network.backward(statistics: settings.statistics)
        if let cost = settings.widthCost, let quantisers = network.quantisers {
            result.loss += quantisers.add(cost, network.parameters)
        }
        maskGradients()
        let norm = network.parameters.gradientNorm
        try check(norm, "norm of the gradient")
        update(gradientScale: settings.largestNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1)
        return result
    }

    package func endEpoch() {
        progress.epoch += 1
    }

    private var place: String { "epoch \(progress.epoch + 1), step \(progress.step + 1)" }

    private func load(_ batch: Batch) throws(TrainingError) {
        let samples = batch.samples
        guard (1...network.options.batch).contains(samples) else {
            throw TrainingError(
                place: place, found: "a batch of \(samples) samples",
                allowed: "1 to \(network.options.batch)")
        }
        guard batch.inputs.count == samples * network.inputElements else {
            throw TrainingError(
                place: place, found: "\(batch.inputs.count) numbers for \(samples) samples",
                allowed: "\(network.inputElements) a sample")
        }
        _ = network.inputs.update(fromContentsOf: batch.inputs)
        guard batch.rows.isEmpty else { return try check(batch.rows) }
        let classes = network.outputElements
        if let bad = batch.labels.firstIndex(where: { !(-1..<classes).contains($0) }) {
            throw TrainingError(
                place: "\(place), sample \(bad)", found: "label \(batch.labels[bad])",
                allowed: "0 to \(classes - 1), or -1 for none")
        }
        guard [0, samples * classes].contains(batch.teacher.count) else {
            throw TrainingError(
                place: place, found: "\(batch.teacher.count) teacher logits",
                allowed: "\(classes) for each of \(samples) samples, or none")
        }
    }

    private func check(_ targets: [RowTargets]) throws(TrainingError) {
        for (sample, target) in targets.enumerated() {
            let rows = target.background.count
            let classes = network.outputElements / max(1, rows)
            let labels = target.background + target.segments.map(\.label)
            guard rows > 0, rows == targets[0].background.count,
                network.outputElements == rows * classes,
                labels.allSatisfy({ (-1..<classes).contains($0) })
            else {
                throw TrainingError(
                    place: "\(place), sample \(sample)",
                    found: "targets of \(rows) rows, labels up to \(labels.max() ?? -1)",
                    allowed: "rows and classes of an output of \(network.outputElements) numbers")
            }
        }
    }

    private func check(_ number: Double, _ what: String) throws(TrainingError) {
        guard number.isFinite else {
            throw TrainingError(
                place: place, found: "the training diverged, its \(what) is \(number)",
                allowed: "a finite number; a smaller learning rate or a gradient clip may help")
        }
    }

    private func update(gradientScale: Double) {
        let parameters = network.parameters
        let rate = settings.rate * Float(settings.schedule.factor(progress.step))
        progress.step += 1
        guard let values = parameters.values.baseAddress,
            let gradients = parameters.gradients.baseAddress
        else { return }
        let keepsWidths = network.quantisers?.areWidthsFixed ?? true
        for slice in parameters.slices where slice.trainable && !(slice.isWidth && keepsWidths) {
            let start = slice.range.lowerBound
            settings.optimiser.update(
                SliceUpdate(
                    count: slice.range.count, values: values + start,
                    gradients: gradients + start, moments: moments.map { $0.data + start },
                    rate: rate * slice.rateFactor, gradientScale: Float(gradientScale),
                    decay: slice.decays ? settings.weightDecay : 0, step: progress.step))
        }
        maskValues()
        network.quantisers?.keepNormsPositive(parameters)
    }
}
