// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Removes channels and units that cannot matter: those that nobody reads with a weight other than
/// zero, and those that are constant, which the biases of their readers take over.
///
/// The function stays the same but for the order of float sums. A constant other than zero stays
/// where a convolution with padding reads it: it is none at the borders.
package struct RemoveDeadUnits: Pass {
    package let name = "RemoveDeadUnits"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        // Each round that changes something takes a unit or a weight away.
        while foldConstants(in: &graph) || removeUnread(from: &graph) {}
    }

    /// Takes constants over into the biases of layers that read them; their weights become zero.
    private func foldConstants(in graph: inout FloatGraph) -> Bool {
        let constants = graph.constantChannels
        var changed = false
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            guard var (weights, bias) = node.operation.matrix else { continue }
            let known = constants[node.inputs[0].index]
            guard known.contains(where: { $0 != nil }) else { continue }
            let columns = weights.count / bias.count
            var shifts = Array(repeating: 0.0, count: bias.count)
            var folded = false
            for i in weights.indices where weights[i] != 0 {
                guard let constant = known[i % columns % known.count],
                    constant == 0 || !node.operation.hasPadding
                else { continue }
                shifts[i / columns] += Double(weights[i]) * Double(constant)
                weights[i] = 0
                folded = true
            }
            guard folded else { continue }
            for i in bias.indices { bias[i] = Float(Double(bias[i]) + shifts[i]) }
            graph.nodes[index].operation = node.operation.with(weights: weights, bias: bias)
            changed = true
        }
        return changed
    }

    /// Removes the rows of layers whose outputs nobody reads, and what belongs to them on the way to
    /// the next layers; a layer keeps one row at least, and rows of zeros in fours with others where
    /// its zeros stand in blocks of four rows, which would be torn apart.
    private func removeUnread(from graph: inout FloatGraph) -> Bool {
        let unread = graph.unreadChannels
        let shapes = graph.values.map(\.shape)
        // The channels of a value that stay, where not all do.
        var kept: [ValueID: [Int]] = [:]
        var changed = false
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            let (input, output) = (node.inputs[0].index, node.output.index)
            var operation = node.operation
            var left: [Int]?
            if let here = kept[node.inputs[0]] {
                operation = operation.reading(here, of: shapes[input])
                left = operation.channels(here, of: shapes[input], as: shapes[output])
            }
            if let (weights, bias) = operation.matrix, unread[output].contains(true) {
                var rows = Matrix(weights, rows: bias.count)
                rows.clear { unread[output][$0] }
                var stays = bias.indices.filter { !unread[output][$0] }
                if stays.isEmpty { stays = [0] }
                if rows.hasBlocks(tornBy: stays) {
                    stays = bias.indices.filter { row in stays.contains { $0 / 4 == row / 4 } }
                }
                changed = changed || rows.weights != weights
                operation = operation.with(
                    weights: stays.flatMap { rows[$0] },
                    bias: stays.map { unread[output][$0] ? 0 : bias[$0] })
                if stays.count < bias.count { left = stays }
            }
            graph.nodes[index].operation = operation
            guard let left else { continue }
            kept[node.output] = left
            graph.values[output].shape.extents[shapes[output].rank - 1] = left.count
            changed = true
        }
        return changed
    }
}

/// Weights `[rows][columns]`.
private struct Matrix {
    var weights: [Float]
    let columns: Int

    init(_ weights: [Float], rows: Int) {
        self.weights = weights
        columns = weights.count / rows
    }

    subscript(row: Int) -> ArraySlice<Float> { weights[row * columns..<(row + 1) * columns] }

    mutating func clear(_ isDead: (Int) -> Bool) {
        for i in weights.indices where isDead(i / columns) { weights[i] = 0 }
    }

    /// Whether these rows alone would have an eighth more blocks of four rows in a column that are not
    /// all zero.
    func hasBlocks(tornBy rows: [Int]) -> Bool {
        let before = blocks(Array(0..<weights.count / columns))
        return blocks(rows) > before + before / 8
    }

    private func blocks(_ rows: [Int]) -> Int {
        stride(from: 0, to: rows.count, by: 4).reduce(0) { sum, first in
            let four = rows[first..<min(first + 4, rows.count)].map { self[$0] }
            return sum
                + (0..<columns).count { column in
                    four.contains { $0[$0.startIndex + column] != 0 }
                }
        }
    }
}

extension FloatOperator {
    /// The same operator on an input that has lost all channels but these.
    fileprivate func reading(_ kept: [Int], of shape: Shape) -> FloatOperator {
        let channels = shape.extents[shape.rank - 1]
        switch self {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias):
            let runs = weights.count / channels
            return with(
                weights: (0..<runs).flatMap { run in kept.map { weights[run * channels + $0] } },
                bias: bias)
        case .depthwise(let window, let weights, let bias):
            let outputs = outputs(of: kept, multiplier: bias.count / channels)
            return .depthwise(
                window,
                weights: (0..<window.taps).flatMap { tap in
                    outputs.map { weights[tap * bias.count + $0] }
                }, bias: outputs.map { bias[$0] })
        case .reshape(var target):
            // The last axis is the channels, or all there is.
            target.extents[target.rank - 1] =
                target.extents[target.rank - 1] / channels * kept.count
            return .reshape(target)
        default: return self
        }
    }

    private func outputs(of kept: [Int], multiplier: Int) -> [Int] {
        kept.flatMap { channel in (0..<multiplier).map { channel * multiplier + $0 } }
    }

    /// The channels of the output that an input without all channels but these leaves; nil for all.
    fileprivate func channels(_ kept: [Int], of input: Shape, as output: Shape) -> [Int]? {
        let (before, after) = (input.extents[input.rank - 1], output.extents[output.rank - 1])
        switch self {
        case .convolution, .dense: return nil
        case .depthwise: return outputs(of: kept, multiplier: after / before)
        default:
            return (0..<after / before).flatMap { run in kept.map { run * before + $0 } }
        }
    }
}
