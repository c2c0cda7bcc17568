// SPDX-License-Identifier: Apache-2.0

/// The loss of sequences with a row of logits a frame:
/// `1/B sum_background -log y_t[k_t] + weight * 1/K sum_keyword -log y_t[k]`,
/// means over a batch's B background rows and K keyword rows that count.
package struct SequenceLoss: Sendable, Equatable {
    package enum Keywords: String, Sendable {
        /// All rows of a segment count.
        case frames
        /// Of a segment the one row with the largest posterior of its keyword, the earliest of equals
        /// (Sun et al. 2017, max-pooling loss).
        case maxPooling = "max-pooling"
    }

    package var keywords: Keywords
    /// Our choice, the paper has none: one row of a keyword stands against hundreds of background.
    package var keywordWeight: Double

    package init(_ keywords: Keywords, keywordWeight: Double = 1) {
        precondition(keywordWeight > 0, "a weight above 0")
        self.keywords = keywords
        self.keywordWeight = keywordWeight
    }

    /// The rows of a segment that count.
    ///
    /// - Parameter posterior: of the segment's keyword in a row.
    func rows(of segment: RowTargets.Segment, posterior: (Int) -> Double) -> Range<Int> {
        guard keywords == .maxPooling else { return segment.rows }
        var best = (row: segment.rows.lowerBound, posterior: -Double.infinity)
        for row in segment.rows {
            let posterior = posterior(row)
            if posterior > best.posterior { best = (row, posterior) }
        }
        return best.row..<best.row + 1
    }
}

extension TrainableNetwork {
    /// The loss of the last forward pass over sequences, `[sample][row][class]`; its gradient goes to
    /// `logitsGradient`, zero for rows that do not count.
    ///
    /// - Parameter row: the loss of one row.
    /// - Requires: each sample has as many targets as rows.
    package func evaluate(
        _ loss: SequenceLoss, row: Loss, targets: [RowTargets]
    ) -> BatchLoss {
        let rows = targets.first?.background.count ?? 0
        let classes = outputElements / max(1, rows)
        precondition(
            logits.count == targets.count * rows * classes && rows > 0
                && targets.allSatisfy { $0.background.count == rows }, "targets for each row")
        logitsGradient.update(repeating: 0)
        var background: [(row: Int, label: Int)] = []
        var keywords = background
        for (sample, target) in targets.enumerated() {
            let first = sample * rows
            for (row, label) in target.background.enumerated() where label >= 0 {
                background.append((first + row, label))
            }
            for segment in target.segments {
                let chosen = loss.rows(of: segment) { row in
                    let start = (first + row) * classes
                    let logits = UnsafeBufferPointer(
                        rebasing: UnsafeBufferPointer(logits)[start..<start + classes])
                    return LogSoftmax(logits, temperature: 1).of(logits[segment.label])
                }
                keywords += chosen.map { (first + $0, segment.label) }
            }
        }
        var result = BatchLoss(samples: background.count + keywords.count)
        for (chosen, weight) in [(background, 1), (keywords, loss.keywordWeight)] {
            let share = weight / Double(max(1, chosen.count))
            for (index, label) in chosen {
                let range = index * classes..<(index + 1) * classes
                let logits = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(logits)[range])
                result.loss +=
                    share
                    * row(
                        logits: logits, label: label, teacher: nil, share: share,
                        gradient: UnsafeMutableBufferPointer(rebasing: logitsGradient[range]))
                if logits.max() == logits[label] { result.correct += 1 }
            }
        }
        return result
    }
}
