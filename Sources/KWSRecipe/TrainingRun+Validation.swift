// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
internal import KWSModelFile
internal import KWSTrain

extension TrainingRun {
    /// Of the network as it is; nil without validation clips.
    package func validationAccuracy() throws(EvaluationError) -> Double? {
        if let streams {
            return try streams.validation.map { sequences throws(EvaluationError) in
                try accuracy(on: sequences)
            }
        }
        return try validation.map { examples throws(EvaluationError) in try accuracy(on: examples) }
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

    /// Share of the rows that count whose class has the largest logit, with frozen statistics.
    private func accuracy(on sequences: Sequences) throws(EvaluationError) -> Double {
        let network = trainer.network
        var (correct, rows) = (0, 0)
        for first in stride(from: 0, to: sequences.count, by: recipe.batch) {
            let batch = try sequences.batch(
                Array(first..<min(first + recipe.batch, sequences.count)))
            _ = network.inputs.update(fromContentsOf: normalised(batch.inputs))
            network.forward(samples: batch.samples, statistics: .frozen)
            let result = network.evaluate(
                trainer.settings.sequenceLoss, row: Loss(), targets: batch.rows)
            (correct, rows) = (correct + result.correct, rows + result.samples)
        }
        return Double(correct) / Double(max(1, rows))
    }
}
