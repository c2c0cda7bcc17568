// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Mean and covariance of the numbers that one output of a linear layer sums over, in the order of
/// its weights; a depthwise layer has a set for each input channel. Padding counts as the zeros that
/// it is.
package struct InputMoments: WindowStatistics {
    /// Numbers that a layer may sum over; the covariance of more would cost more than it brings.
    package static let mostTaps = 1024

    package private(set) var taps: Int
    private var samples: Double = 0
    /// Of each set, `[taps]` and `[taps][taps]` (the upper triangle).
    private var sums: [[Double]]
    private var products: [[Double]]

    /// - Returns: nil for an operator without weights, or with too many taps.
    package init?(_ node: FloatGraph.Node, in graph: FloatGraph) {
        let channels = graph.shape(of: node.inputs[0]).image.channels
        let sets: Int
        switch node.operation {
        case .convolution(let window, _, _): (taps, sets) = (window.taps * channels, 1)
        case .depthwise(let window, _, _): (taps, sets) = (window.taps, channels)
        case .dense: (taps, sets) = (graph.shape(of: node.inputs[0]).elements, 1)
        default: return nil
        }
        guard taps <= InputMoments.mostTaps else { return nil }
        sums = Array(repeating: Array(repeating: 0, count: taps), count: sets)
        products = Array(repeating: Array(repeating: 0, count: taps * taps), count: sets)
    }

    /// Of one set.
    package init?(taps: Int) {
        guard taps <= InputMoments.mostTaps else { return nil }
        self.taps = taps
        sums = [Array(repeating: 0, count: taps)]
        products = [Array(repeating: 0, count: taps * taps)]
    }

    /// Takes in one sample of a set.
    package mutating func add(_ sample: [Float], set: Int) {
        if set == 0 { samples += 1 }
        for i in 0..<taps where sample[i] != 0 {
            let x = Double(sample[i])
            sums[set][i] += x
            for j in i..<taps { products[set][i * taps + j] += x * Double(sample[j]) }
        }
    }

    /// Takes in all samples of another one of the same layer.
    package mutating func add(_ other: InputMoments) {
        samples += other.samples
        for set in sums.indices {
            for i in sums[set].indices { sums[set][i] += other.sums[set][i] }
            for i in products[set].indices { products[set][i] += other.products[set][i] }
        }
    }

    /// Of the same layer behind `FloatGraph.withFinePlane`: a fine value beside each, which is as
    /// likely anywhere within a step of the coarse one, and has nothing to do with the others.
    ///
    /// - Parameters:
    ///   - step: of the coarse values.
    ///   - count: taps that read the input, the first ones; nil: all.
    func withFinePlane(step: Double, first count: Int? = nil) -> InputMoments {
        let count = count ?? taps
        var result = self
        result.taps = taps + count
        func place(_ tap: Int) -> Int { tap + min(tap, count) }
        for set in sums.indices {
            var means = Array(repeating: 0.0, count: result.taps)
            var wide = Array(repeating: 0.0, count: result.taps * result.taps)
            for i in 0..<taps {
                means[place(i)] = sums[set][i]
                for j in i..<taps {
                    wide[place(i) * result.taps + place(j)] = products[set][i * taps + j]
                }
                guard i < count else { continue }
                wide[(place(i) + 1) * (result.taps + 1)] =
                    samples * (16 * step) * (16 * step) / 12
            }
            result.sums[set] = means
            result.products[set] = wide
        }
        return result
    }

    /// The set that serves an output channel.
    private func set(of output: Int, outputs: Int) -> Int {
        output * sums.count / outputs
    }

    /// The mean of each tap of an output.
    package func mean(of output: Int, outputs: Int) -> [Double] {
        sums[set(of: output, outputs: outputs)].map { $0 / max(1, samples) }
    }

    /// The covariance `[taps][taps]` of an output's taps, whole.
    package func covariance(of output: Int, outputs: Int) -> [Double] {
        let mean = mean(of: output, outputs: outputs)
        let products = products[set(of: output, outputs: outputs)]
        var result = Array(repeating: 0.0, count: taps * taps)
        for i in 0..<taps {
            for j in i..<taps {
                let value = products[i * taps + j] / max(1, samples) - mean[i] * mean[j]
                result[i * taps + j] = value
                result[j * taps + i] = value
            }
        }
        return result
    }

    package func cut(to range: Range<Int>) -> InputMoments {
        var result = self
        result.taps = range.count
        result.sums = sums.map { Array($0[range]) }
        result.products = products.map { products in
            range.flatMap { row in range.map { products[row * taps + $0] } }
        }
        return result
    }

    /// Of outputs that share their inputs.
    ///
    /// - Parameter hasBias: whether the mean of what is lost goes there; else it counts as well.
    func surgeon(hasBias: Bool) -> Surgeon? {
        guard isShared else { return nil }
        var errors = covariance(of: 0, outputs: 1)
        if !hasBias {
            let mean = mean(of: 0, outputs: 1)
            for i in 0..<taps {
                for j in 0..<taps { errors[i * taps + j] += mean[i] * mean[j] }
            }
        }
        return Surgeon(covariance: errors, taps: taps)
    }

    /// Whether two outputs share their set, and with it mean and covariance.
    package var isShared: Bool { sums.count == 1 }
}

extension InputMoments {
    /// Of every linear layer of a graph on its inputs, by the index of the layer's output.
    package static func of(_ graph: FloatGraph, inputs: [[Float]]) -> [Int: InputMoments] {
        let layers = graph.nodes.indices.compactMap { index in
            InputMoments(graph.nodes[index], in: graph).map { (index, $0) }
        }
        let found = graph.statistics(Dictionary(uniqueKeysWithValues: layers), inputs: inputs)
        return Dictionary(
            uniqueKeysWithValues: found.map { (graph.nodes[$0.key].output.index, $0.value) })
    }
}
