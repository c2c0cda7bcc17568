// SPDX-License-Identifier: Apache-2.0

/// What a batch's forward pass came to.
package struct BatchLoss: Sendable {
    /// The mean over the samples.
    package var loss = 0.0
    /// Samples or, of sequences, rows that have a label.
    package var samples = 0
    /// Those whose largest logit is that of their label.
    package var correct = 0

    package init() {}

    init(loss: Double = 0, samples: Int, correct: Int = 0) {
        self.loss = loss
        self.samples = samples
        self.correct = correct
    }
}

extension TrainableNetwork {
    /// The loss of the last forward pass; its gradient by the logits goes to `logitsGradient`, that
    /// by hidden activations is kept for `backward`.
    ///
    /// - Requires: labels and teacher fit the batch and the classes.
    package func evaluate(_ loss: Loss, labels: [Int], teacher: [Float] = []) -> BatchLoss {
        let classes = outputElements
        let samples = labels.count
        precondition(logits.count == samples * classes, "a label for each sample")
        precondition(teacher.isEmpty || teacher.count == logits.count, "teacher logits fit")
        var losses = Array(repeating: 0.0, count: samples)
        var correct = 0
        teacher.withUnsafeBufferPointer { teacher in
            for (sample, label) in labels.enumerated() {
                let range = sample * classes..<(sample + 1) * classes
                let logits = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(logits)[range])
                losses[sample] = loss(
                    logits: logits, label: label,
                    teacher: teacher.isEmpty ? nil : UnsafeBufferPointer(rebasing: teacher[range]),
                    share: 1 / Double(samples),
                    gradient: UnsafeMutableBufferPointer(rebasing: logitsGradient[range]))
                if label >= 0, logits.max() == logits[label] { correct += 1 }
            }
        }
        let hiddenWeight = teacher.isEmpty ? 0 : loss.distillation?.hiddenWeight ?? 0
        let hidden =
            imitation?.loss(samples: samples, weight: hiddenWeight, shards) ?? 0
        return BatchLoss(
            loss: losses.reduce(0, +) / Double(samples) + hiddenWeight * hidden,
            samples: labels.count { $0 >= 0 },
            correct: correct)
    }
}
