// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Removes reshapes and transposes that cancel or change nothing in memory, and folds a transpose
/// before a dense layer, or one within the rows of a recurrent layer, into its weights.
package struct SimplifyLayout: Pass {
    package let name = "SimplifyLayout"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        var changed = true
        while changed {
            changed = false
            for index in graph.nodes.indices.reversed() where simplify(index, in: &graph) {
                changed = true
                try RemoveDeadNodes().run(&graph)
                break
            }
        }
    }

    /// Tries one step at a node; true if the graph changed.
    private func simplify(_ index: Int, in graph: inout FloatGraph) -> Bool {
        let node = graph.nodes[index]
        let input = graph.shape(of: node.inputs[0])
        let above = graph.producer(of: node.inputs[0]).map { graph.nodes[$0] }

        switch node.operation {
        case .transpose(let permutation):
            if permutation == Array(permutation.indices) {
                graph.bypass(index)
                return true
            }
            if movesNothing(permutation, input) {
                graph.nodes[index].operation = .reshape(graph.shape(of: node.output))
                return true
            }
            if let above, case .transpose(let first) = above.operation {
                graph.nodes[index].operation = .transpose(permutation.map { first[$0] })
                graph.nodes[index].inputs = above.inputs
                return true
            }
            return false
        case .reshape(let shape):
            if shape == input || takesOver(shape, at: node.inputs[0], in: &graph) {
                graph.bypass(index)
                return true
            }
            if let above, case .reshape = above.operation {
                graph.nodes[index].inputs = above.inputs
                return true
            }
            return false
        case .dense(let weights, let bias):
            guard let above else { return false }
            switch above.operation {
            case .reshape:
                graph.nodes[index].inputs = above.inputs
                return true
            case .transpose(let permutation):
                let source = graph.shape(of: above.inputs[0])
                graph.nodes[index].operation = .dense(
                    weights: reordered(weights, source, permutation), bias: bias)
                graph.nodes[index].inputs = above.inputs
                return true
            default:
                return false
            }
        case .lstm, .gru:
            return above.map { simplify(index, behind: $0, in: &graph) } ?? false
        default:
            return false
        }
    }

    /// Whether a value is the graph's input, a matrix of features, and now has the axis of 1 that all who
    /// read it give it: ONNX files have none.
    private func takesOver(_ shape: Shape, at value: ValueID, in graph: inout FloatGraph) -> Bool {
        let input = graph.shape(of: value)
        guard value == graph.input, value != graph.output, input.rank == 2, shape.rank == 3,
            shape.extents[0] == input.extents[0],
            graph.consumers(of: value).allSatisfy({
                if case .reshape(shape) = graph.nodes[$0].operation { true } else { false }
            })
        else { return false }
        graph.values[value.index].shape = shape
        return true
    }

    /// A recurrent layer reads rows, whatever their shape.
    private func simplify(
        _ index: Int, behind above: FloatGraph.Node, in graph: inout FloatGraph
    ) -> Bool {
        let source = graph.shape(of: above.inputs[0])
        let rows = graph.shape(of: graph.nodes[index].inputs[0]).image.height
        guard source.rank == 3, source.image.height == rows else { return false }
        switch above.operation {
        case .reshape: break
        case .transpose(let permutation) where permutation[0] == 0:
            let row = Shape(Array(source.extents[1...]))
            let inner = permutation[1...].map { $0 - 1 }
            switch graph.nodes[index].operation {
            case .lstm(var lstm):
                lstm.weights = reordered(lstm.weights, row, inner)
                graph.nodes[index].operation = .lstm(lstm)
            case .gru(var gru):
                gru.weights = reordered(gru.weights, row, inner)
                graph.nodes[index].operation = .gru(gru)
            default: return false
            }
        default: return false
        }
        graph.nodes[index].inputs = above.inputs
        return true
    }

    /// Whether axes longer than 1 keep their order.
    private func movesNothing(_ permutation: [Int], _ shape: Shape) -> Bool {
        let long = permutation.filter { shape.extents[$0] > 1 }
        return long == long.sorted()
    }

    /// Columns of a dense matrix for an input that is no longer transposed.
    private func reordered(_ weights: [Float], _ source: Shape, _ permutation: [Int]) -> [Float] {
        let columns = source.elements
        let rank = source.rank
        var strides = Array(repeating: 1, count: rank)
        for axis in (0..<(rank - 1)).reversed() {
            strides[axis] = strides[axis + 1] * source.extents[axis + 1]
        }
        var target = Array(repeating: 0, count: columns)
        var position = Array(repeating: 0, count: rank)
        for column in 0..<columns {
            target[column] = (0..<rank).reduce(0) { $0 + position[$1] * strides[permutation[$1]] }
            for axis in (0..<rank).reversed() {
                position[axis] += 1
                if position[axis] < source.extents[permutation[axis]] { break }
                position[axis] = 0
            }
        }
        var result = weights
        for row in 0..<(weights.count / columns) {
            for column in 0..<columns {
                result[row * columns + target[column]] = weights[row * columns + column]
            }
        }
        return result
    }
}
