// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Features with mean 0 and variance 1 for a dense layer that reads them, whose weights change so that
/// the network stays the same function.
///
/// The first cepstral coefficient has a mean of -50 where others stay within 5: a step of its weights
/// moves all sums alike, and training gets nowhere. Convolutions read each feature with the same
/// weights; there is nothing to take over the means.
struct InputNormalisation: Sendable {
    let mean: [Float]
    let deviation: [Float]
    /// The dense layers that read the features.
    private let nodes: [Int]

    /// Whether features are read by dense layers alone.
    static func applies(to graph: FloatGraph) -> Bool { readers(graph) != nil }

    private static func readers(_ graph: FloatGraph) -> [Int]? {
        var values = Set([graph.input])
        var nodes: [Int] = []
        for (index, node) in graph.nodes.enumerated() where values.contains(node.inputs[0]) {
            switch node.operation {
            case .reshape: values.insert(node.output)
            case .dense: nodes.append(index)
            default: return nil
            }
        }
        return nodes.isEmpty || values.contains(graph.output) ? nil : nodes
    }

    /// - Returns: nil for a network that it does not apply to.
    init?(_ graph: FloatGraph, features: [[Float]]) {
        let elements = graph.shape(of: graph.input).elements
        guard !features.isEmpty, let nodes = InputNormalisation.readers(graph) else { return nil }
        var (sums, squares) = (
            Array(repeating: 0.0, count: elements), Array(repeating: 0.0, count: elements)
        )
        for clip in features {
            for (i, x) in clip.enumerated() {
                sums[i] += Double(x)
                squares[i] += Double(x) * Double(x)
            }
        }
        let count = Double(features.count)
        mean = sums.map { Float($0 / count) }
        deviation = zip(sums, squares).map { sum, square in
            let variance = square / count - sum / count * (sum / count)
            return variance > 1e-12 ? Float(variance.squareRoot()) : 1
        }
        self.nodes = nodes
    }

    func callAsFunction(_ features: [Float]) -> [Float] {
        features.indices.map { i in
            let column = i % mean.count
            return (features[i] - mean[column]) / deviation[column]
        }
    }

    /// The network on normalised features that does what `graph` does on plain ones.
    func absorbed(by graph: FloatGraph) -> FloatGraph {
        changed(graph) { weight, column in
            (
                Float(Double(weight) * Double(deviation[column])),
                Double(weight) * Double(mean[column])
            )
        }
    }

    /// The way back; a weight of zero stays one.
    func released(from graph: FloatGraph) -> FloatGraph {
        changed(graph) { weight, column in
            let plain = Double(weight) / Double(deviation[column])
            return (Float(plain), -plain * Double(mean[column]))
        }
    }

    /// - Parameter body: tells a weight's new value and what it adds to the bias.
    private func changed(
        _ graph: FloatGraph, _ body: (_ weight: Float, _ column: Int) -> (Float, Double)
    ) -> FloatGraph {
        var graph = graph
        for node in nodes {
            guard case .dense(var weights, var bias) = graph.nodes[node].operation else { continue }
            for row in bias.indices {
                var sum = Double(bias[row])
                for column in mean.indices {
                    let (weight, shift) = body(weights[row * mean.count + column], column)
                    weights[row * mean.count + column] = weight
                    sum += shift
                }
                bias[row] = Float(sum)
            }
            graph.nodes[node].operation = .dense(weights: weights, bias: bias)
        }
        return graph
    }
}
