// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Sets the least important weights of a graph to zero; the biases take over what the removed weights
/// added on average, where the inputs are known, and the weights that stay what can be had of the
/// rest, where their moments are.
///
/// What is known of the matrices stands in the order of `FloatGraph.prunable`.
package struct Prune: Sendable {
    package var settings: PruningSettings
    /// Empty without calibration data.
    package var inputs: [InputStatistics?]
    package var gradients: [WeightGradients]
    /// Of those matrices that weights are made up for in.
    package var moments: [InputMoments?]

    package init(
        _ settings: PruningSettings, inputs: [InputStatistics?] = [],
        gradients: [WeightGradients] = [], moments: [InputMoments?] = []
    ) {
        self.settings = settings
        self.inputs = inputs
        self.gradients = gradients
        self.moments = moments
    }

    /// With all that the measure asks of a graph's inputs.
    package init(
        _ settings: PruningSettings, of graph: FloatGraph, on inputs: [[Float]],
        gradients: [WeightGradients] = []
    ) {
        self.init(
            settings, inputs: InputStatistics.ofPrunable(graph, inputs: inputs),
            gradients: gradients,
            moments: settings.measure.needsMoments
                ? InputMoments.ofPrunable(graph, inputs: inputs) : [])
    }

    /// - Returns: by the node's index, which weights are kept; the others are zero.
    @discardableResult
    package func callAsFunction(_ graph: inout FloatGraph) -> [Int: [WeightRole: [Bool]]] {
        let matrices = graph.prunable
        var result: [Int: [WeightRole: [Bool]]] = [:]
        for (index, (matrix, kept)) in zip(matrices, choose(matrices)).enumerated() {
            remove(matrix, index, kept, from: &graph)
            let arrays = graph.nodes[matrix.node].operation.matrices
            var flags =
                result[matrix.node] ?? arrays.mapValues { Array(repeating: true, count: $0.count) }
            matrix.scatter(kept, into: &flags)
            result[matrix.node] = flags
        }
        return result
    }

    /// A rectangle of a matrix.
    private struct Block {
        let matrix: Int
        let row: Int
        let column: Int
        let rows: Int
        let columns: Int
        let score: Float

        var count: Int { rows * columns }
    }

    private func choose(_ matrices: [PrunableMatrix]) -> [[Bool]] {
        var kept = matrices.map { Array(repeating: true, count: $0.weights.count) }
        // Each matrix keeps 1 %, and a weight at least.
        var removable = matrices.map { $0.weights.count - max(1, ($0.weights.count + 99) / 100) }
        func remove(from competing: [Int]) {
            let total = competing.reduce(0) { $0 + matrices[$1].weights.count }
            let candidates = competing.flatMap { blocks(of: matrices[$0], index: $0) }
            var left = Int((settings.sparsity * Double(total)).rounded())
            for block in candidates.sorted(by: { $0.score < $1.score }) {
                guard block.count <= min(left, removable[block.matrix]) else { continue }
                left -= block.count
                removable[block.matrix] -= block.count
                for row in block.row..<block.row + block.rows {
                    let start = row * matrices[block.matrix].columns + block.column
                    for i in start..<start + block.columns { kept[block.matrix][i] = false }
                }
            }
        }
        switch settings.scope {
        case .layer:
            for node in Set(matrices.map(\.node)) {
                remove(from: matrices.indices.filter { matrices[$0].node == node })
            }
        case .global: remove(from: Array(matrices.indices))
        }
        return kept
    }

    /// The blocks of a matrix with their scores a weight, divided by the norm of all of the matrix unless
    /// they count what the loss grows by.
    private func blocks(of matrix: PrunableMatrix, index: Int) -> [Block] {
        let size: BlockShape
        switch settings.granularity {
        case .blocks(let shape): size = shape
        case .units:
            if matrix.makesOutput || matrix.reads != .window { return [] }
            size = BlockShape(outputs: 1, inputs: matrix.columns)
        }
        let scores = settings.measure.importance.scores(
            PruningEvidence(
                matrix: matrix, inputs: inputs.isEmpty ? nil : inputs[index],
                gradients: gradients.isEmpty ? nil : gradients[index],
                moments: moments.isEmpty ? nil : moments[index],
                seed: settings.seed &+ UInt64(index)))
        let countsLoss = settings.measure.takesPosteriorGradients && !gradients.isEmpty
        let norm =
            countsLoss ? 1 : scores.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        var blocks: [Block] = []
        for row in stride(from: 0, to: matrix.rows, by: size.outputs) {
            for part in matrix.columnRanges {
                for column in stride(from: part.lowerBound, to: part.upperBound, by: size.inputs) {
                    let rows = min(size.outputs, matrix.rows - row)
                    let columns = min(size.inputs, part.upperBound - column)
                    var sum = 0.0
                    var isGone = true
                    for r in row..<row + rows {
                        for c in column..<column + columns {
                            sum += Double(scores[r * matrix.columns + c])
                            isGone = isGone && matrix.weights[r * matrix.columns + c] == 0
                        }
                    }
                    // What is gone stays gone, even where nothing has a score.
                    let score =
                        isGone ? -1 : sum / Double(rows * columns) / (norm > 0 ? norm : 1)
                    blocks.append(
                        Block(
                            matrix: index, row: row, column: column, rows: rows, columns: columns,
                            score: Float(score)))
                }
            }
        }
        return blocks
    }

    /// Zeroes what is not kept, with moments lets the others make up for it; the mean of what is lost
    /// goes to the bias, or out of the mean of the batch norm behind it.
    private func remove(
        _ matrix: PrunableMatrix, _ index: Int, _ kept: [Bool], from graph: inout FloatGraph
    ) {
        var weights = matrix.weights
        let moments = moments.isEmpty ? nil : moments[index]
        if let surgeon = moments?.surgeon(hasBias: matrix.hasBias) {
            weights = surgeon.refitted(weights, kept: kept)
        } else {
            for i in weights.indices where !kept[i] { weights[i] = 0 }
        }
        matrix.scatter(weights, into: &graph.nodes[matrix.node].operation.matrices)
        guard let mean = inputs.isEmpty ? nil : inputs[index]?.mean else { return }
        var shifts = Array(repeating: 0.0, count: matrix.rows)
        for i in weights.indices {
            let lost = Double(matrix.weights[i]) - Double(weights[i])
            shifts[i / matrix.columns] += lost * mean[i % matrix.columns]
        }
        graph.addToBias(of: matrix, shifts.map { Float($0) })
    }
}

extension FloatGraph {
    /// Adds numbers to the sums of a matrix's rows.
    fileprivate mutating func addToBias(of matrix: PrunableMatrix, _ shifts: [Float]) {
        guard matrix.hasBias else { return }
        func add(to bias: inout [Float], from first: Int = 0) {
            for (place, shift) in zip(matrix.places, shifts) { bias[place - first] += shift }
        }
        switch nodes[matrix.node].operation {
        case .convolution(let window, let weights, var bias):
            if takesOver(matrix, shifts) { return }
            add(to: &bias)
            nodes[matrix.node].operation = .convolution(window, weights: weights, bias: bias)
        case .dense(let weights, var bias):
            if takesOver(matrix, shifts) { return }
            add(to: &bias)
            nodes[matrix.node].operation = .dense(weights: weights, bias: bias)
        case .lstm(var lstm):
            add(to: &lstm.bias)
            nodes[matrix.node].operation = .lstm(lstm)
        case .gru(var gru) where matrix.reads == .output:
            let units = gru.recurrence.units
            var bias = gru.recurrentBias ?? Array(repeating: 0, count: units)
            add(to: &bias, from: 2 * units)
            gru.recurrentBias = bias
            nodes[matrix.node].operation = .gru(gru)
        case .gru(var gru):
            add(to: &gru.bias)
            nodes[matrix.node].operation = .gru(gru)
        default: break
        }
    }

    /// Whether a batch norm behind a layer took the numbers out of its mean.
    private mutating func takesOver(_ matrix: PrunableMatrix, _ shifts: [Float]) -> Bool {
        guard case (let next, var norm)? = norm(behind: matrix.node) else { return false }
        for i in shifts.indices { norm.mean[i] -= shifts[i] }
        nodes[next].operation = .batchNorm(norm)
        return true
    }
}
