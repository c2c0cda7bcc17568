// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSNumerics
package import KWSPasses
package import KWSTrain

extension TrainableNetwork {
    /// Gradients of one sample after the other by the weights that can be pruned, with frozen statistics,
    /// in the order of `FloatGraph.prunable`.
    ///
    /// - Parameter loss: of a sample, once the network has run on it.
    func weightGradients(
        of inputs: [[Float]], _ loss: (Int) -> (loss: Loss, label: Int, teacher: [Float])
    ) -> [WeightGradients] {
        var sums = Array(repeating: 0.0, count: parameters.count)
        var squares = sums
        for (sample, features) in inputs.enumerated() {
            _ = self.inputs.update(fromContentsOf: features)
            forward(samples: 1, statistics: .frozen)
            let (loss, label, teacher) = loss(sample)
            _ = evaluate(loss, labels: [label], teacher: teacher)
            backward(statistics: .frozen)
            for (i, gradient) in parameters.gradients.enumerated() {
                sums[i] += Double(gradient)
                squares[i] += Double(gradient) * Double(gradient)
            }
        }
        let (means, meanSquares) = (
            byRole(sums, over: inputs.count), byRole(squares, over: inputs.count)
        )
        return graph.prunable.map { matrix in
            WeightGradients(
                mean: matrix.gathered(means[matrix.node] ?? [:]),
                square: matrix.gathered(meanSquares[matrix.node] ?? [:]))
        }
    }

    /// Of the cross-entropy with classes drawn from the network's own posteriors: their squares are the
    /// diagonal of Fisher's information, what the divergence from the network grows by.
    ///
    /// - Parameter inputs: of which at most 256 at even distances are run.
    package func posteriorGradients(of inputs: [[Float]], seed: UInt64) -> [WeightGradients] {
        var random = SplitMix64(seed: seed)
        let chosen = TrainingRun.spread(256, of: inputs.count)
        return weightGradients(of: chosen.map { inputs[$0] }) { _ in
            var left = random.unit()
            let label =
                posteriors(rows: 1).firstIndex {
                    left -= $0
                    return left < 0
                } ?? 0
            return (Loss(), label, [])
        }
    }

    private func byRole(_ sums: [Double], over samples: Int) -> [Int: [WeightRole: [Float]]] {
        var result: [Int: [WeightRole: [Float]]] = [:]
        for slice in parameters.slices {
            guard let role = slice.role.weightRole else { continue }
            result[slice.node, default: [:]][role] = slice.range.map {
                Float(sums[$0] / Double(max(1, samples)))
            }
        }
        return result
    }
}
