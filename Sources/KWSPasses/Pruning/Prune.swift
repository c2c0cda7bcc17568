// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Sets the least important weights of a graph to zero; the biases take over what the removed weights
/// added on average, where the inputs are known, and the weights that stay what can be had of the
/// rest, where their moments are.
package struct Prune: Sendable {
    package var settings: PruningSettings
    /// By the node's index; empty without calibration data.
    package var inputs: [Int: InputStatistics]
    package var gradients: [Int: WeightGradients]
    /// Of those layers that weights are made up for in.
    package var moments: [Int: InputMoments]

    package init(
        _ settings: PruningSettings, inputs: [Int: InputStatistics] = [:],
        gradients: [Int: WeightGradients] = [:], moments: [Int: InputMoments] = [:]
    ) {
        self.settings = settings
        self.inputs = inputs
        self.gradients = gradients
        self.moments = moments
    }

    /// With all that the measure asks of a graph's inputs.
    package init(
        _ settings: PruningSettings, of graph: FloatGraph, on inputs: [[Float]],
        gradients: [Int: WeightGradients] = [:]
    ) {
        self.init(
            settings, inputs: InputStatistics.of(graph, inputs: inputs), gradients: gradients,
            moments: settings.measure.needsMoments
                ? InputMoments.ofPrunable(graph, inputs: inputs) : [:])
    }

    /// - Returns: by the node's index, which weights are kept; the others are zero.
    @discardableResult
    package func callAsFunction(_ graph: inout FloatGraph) -> [Int: [Bool]] {
        let layers = graph.prunable
        let kept = choose(layers)
        for (layer, kept) in zip(layers, kept) { remove(layer, kept, from: &graph) }
        return Dictionary(uniqueKeysWithValues: zip(layers.map(\.node), kept))
    }

    /// A block of a layer: a rectangle of its matrix.
    private struct Block {
        let layer: Int
        let row: Int
        let column: Int
        let rows: Int
        let columns: Int
        let score: Float

        var count: Int { rows * columns }
    }

    private func choose(_ layers: [PrunableLayer]) -> [[Bool]] {
        var kept = layers.map { Array(repeating: true, count: $0.weights.count) }
        let candidates = layers.indices.map { blocks(of: layers[$0], index: $0) }
        // Each layer keeps 1 %, and a weight at least.
        var removable = layers.map { $0.weights.count - max(1, ($0.weights.count + 99) / 100) }
        func remove(_ blocks: [Block], of total: Int) {
            var left = Int((settings.sparsity * Double(total)).rounded())
            for block in blocks.sorted(by: { $0.score < $1.score }) {
                guard block.count <= min(left, removable[block.layer]) else { continue }
                left -= block.count
                removable[block.layer] -= block.count
                for row in block.row..<block.row + block.rows {
                    let start = row * layers[block.layer].columns + block.column
                    for i in start..<start + block.columns { kept[block.layer][i] = false }
                }
            }
        }
        switch settings.scope {
        case .layer:
            for (layer, blocks) in zip(layers, candidates) {
                remove(blocks, of: layer.weights.count)
            }
        case .global:
            remove(
                candidates.flatMap { $0 }, of: layers.reduce(0) { $0 + $1.weights.count })
        }
        return kept
    }

    /// The blocks of a layer with their scores a weight, divided by the norm of all of the layer.
    private func blocks(of layer: PrunableLayer, index: Int) -> [Block] {
        let size: BlockShape
        switch settings.granularity {
        case .blocks(let shape): size = shape
        case .units:
            if layer.makesOutput { return [] }
            size = BlockShape(outputs: 1, inputs: layer.columns)
        }
        let scores = settings.measure.importance.scores(
            PruningEvidence(
                layer: layer, inputs: inputs[layer.node], gradients: gradients[layer.node],
                moments: moments[layer.node], seed: settings.seed))
        let norm = scores.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        var blocks: [Block] = []
        for row in stride(from: 0, to: layer.rows, by: size.outputs) {
            for column in stride(from: 0, to: layer.columns, by: size.inputs) {
                let rows = min(size.outputs, layer.rows - row)
                let columns = min(size.inputs, layer.columns - column)
                var sum = 0.0
                for r in row..<row + rows {
                    for c in column..<column + columns {
                        sum += Double(scores[r * layer.columns + c])
                    }
                }
                let score = sum / Double(rows * columns) / (norm > 0 ? norm : 1)
                blocks.append(
                    Block(
                        layer: index, row: row, column: column, rows: rows, columns: columns,
                        score: Float(score)))
            }
        }
        return blocks
    }

    /// Zeroes what is not kept, with moments lets the others make up for it; the mean of what is lost
    /// goes to the bias, or out of the mean of the batch norm behind it.
    private func remove(_ layer: PrunableLayer, _ kept: [Bool], from graph: inout FloatGraph) {
        let operation = graph.nodes[layer.node].operation
        guard var (weights, bias) = operation.matrix else { return }
        if let surgeon = moments[layer.node]?.surgeon {
            weights = surgeon.refitted(weights, kept: kept)
        } else {
            for i in weights.indices where !kept[i] { weights[i] = 0 }
        }
        var shifts = Array(repeating: 0.0, count: layer.rows)
        if let mean = inputs[layer.node]?.mean {
            for i in weights.indices {
                let lost = Double(layer.weights[i]) - Double(weights[i])
                shifts[i / layer.columns] += lost * mean[i % layer.columns]
            }
        }
        if let (next, norm) = graph.norm(behind: layer.node) {
            var norm = norm
            for i in shifts.indices { norm.mean[i] -= Float(shifts[i]) }
            graph.nodes[next].operation = .batchNorm(norm)
        } else {
            for i in shifts.indices { bias[i] += Float(shifts[i]) }
        }
        graph.nodes[layer.node].operation = operation.with(weights: weights, bias: bias)
    }
}
