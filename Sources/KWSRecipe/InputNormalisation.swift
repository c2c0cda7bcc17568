// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Features with mean 0 and variance 1 for a dense or recurrent layer that reads them, or rows of
/// them beside one another, whose weights change so that the network stays the same function.
///
/// The first cepstral coefficient has a mean of -50 where others stay within 5: a step of its weights
/// moves all sums alike, and training gets nowhere. Convolutions read each feature with the same
/// weights; there is nothing to take over the means.
struct InputNormalisation: Sendable {
    let mean: [Float]
    let deviation: [Float]
    /// The layers that read the features.
    private let nodes: [Int]
    /// Rows that a layer reads beside one another: as many inputs in a row have one mean.
    private let rows: Int

    /// Whether features are read by dense and recurrent layers alone.
    static func applies(to graph: FloatGraph) -> Bool { readers(graph) != nil }

    private static func readers(_ graph: FloatGraph) -> (nodes: [Int], rows: Int)? {
        var values = Set([graph.input])
        var nodes: [Int] = []
        var rows = 1
        for (index, node) in graph.nodes.enumerated() where values.contains(node.inputs[0]) {
            if let context = node.operation.contextRows, rows == 1, nodes.isEmpty {
                values = [node.output]
                rows = context
                continue
            }
            switch node.operation {
            case .reshape: values.insert(node.output)
            case .dense, .lstm, .gru: nodes.append(index)
            default: return nil
            }
        }
        return nodes.isEmpty || values.contains(graph.output) ? nil : (nodes, rows)
    }

    /// - Parameters:
    ///   - features: of clips, or of longer stretches if frames are alike.
    ///   - areFramesAlike: whether all frames of a window have the same mean.
    /// - Returns: nil for a network that it does not apply to.
    init?(_ graph: FloatGraph, features: [[Float]], areFramesAlike: Bool = false) {
        guard let elements = features.first?.count,
            let (nodes, rows) = InputNormalisation.readers(graph)
        else { return nil }
        let shape = graph.shape(of: graph.input)
        // A recurrent layer reads all rows with the same weights, and rows pass each of a context.
        let columns =
            areFramesAlike || rows > 1
            ? shape.elements / shape.extents[0]
            : nodes.reduce(elements) { min($0, graph.nodes[$1].operation.columns) }
        var sums = Array(repeating: 0.0, count: columns)
        var squares = sums
        for clip in features {
            for (i, x) in clip.enumerated() {
                sums[i % columns] += Double(x)
                squares[i % columns] += Double(x) * Double(x)
            }
        }
        let count = Double(features.count * (elements / columns))
        mean = sums.map { Float($0 / count) }
        deviation = zip(sums, squares).map { sum, square in
            let variance = square / count - sum / count * (sum / count)
            return variance > 1e-12 ? Float(variance.squareRoot()) : 1
        }
        self.nodes = nodes
        self.rows = rows
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
            graph.nodes[node].operation.change { weights, bias in
                let columns = weights.count / bias.count
                for row in bias.indices {
                    var sum = Double(bias[row])
                    for i in 0..<columns {
                        let (weight, shift) = body(
                            weights[row * columns + i], i / rows % mean.count)
                        weights[row * columns + i] = weight
                        sum += shift
                    }
                    bias[row] = Float(sum)
                }
            }
        }
        return graph
    }
}

extension FloatOperator {
    /// Numbers that a sum of the layer's inputs has.
    fileprivate var columns: Int {
        switch self {
        case .dense(let weights, let bias): weights.count / bias.count
        case .lstm(let lstm): lstm.recurrence.inputs
        case .gru(let gru): gru.recurrence.inputs
        default: preconditionFailure("\(name) reads no normalised features")
        }
    }

    /// Changes weights `[row][input]` and biases of a dense layer, or of a recurrent one's inputs.
    fileprivate mutating func change(
        _ body: (_ weights: inout [Float], _ bias: inout [Float]) -> Void
    ) {
        switch self {
        case .dense(var weights, var bias):
            body(&weights, &bias)
            self = .dense(weights: weights, bias: bias)
        case .lstm(var lstm):
            body(&lstm.weights, &lstm.bias)
            self = .lstm(lstm)
        case .gru(var gru):
            body(&gru.weights, &gru.bias)
            self = .gru(gru)
        default: preconditionFailure("\(name) reads no normalised features")
        }
    }
}
