// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Weights that may be removed, `[rows][columns]`, a row a sum: those of a convolution or dense layer,
/// of a recurrent layer's gates over input and output side by side, or of its projection.
package struct PrunableMatrix: Sendable {
    /// The numbers that a row sums over.
    package enum Reads: Sendable {
        /// What a convolution or dense layer sees.
        case window
        /// A row of the input, then the outputs of the step before.
        case inputAndOutput
        /// One of the two, where the reset gate stands between a candidate's products.
        case input, output
        /// A row of the input, then what the reset gate leaves of the outputs.
        case inputAndRest
        /// What an LSTM's units put out.
        case units
    }

    /// The node's index.
    package let node: Int
    package let weights: [Float]
    /// The node's arrays that it is cut from, and the columns of each.
    let parts: [(role: WeightRole, columns: Int)]
    /// The place of each row among those of the arrays.
    let places: [Int]
    package let reads: Reads
    /// What the outputs are multiplied by: the scale of a batch norm behind, else 1.
    package let scales: [Float]
    /// Whether its outputs become the network's without another layer's work.
    package let makesOutput: Bool

    /// - Parameters:
    ///   - arrays: of the node.
    ///   - places: nil: all rows.
    init(
        node: Int, arrays: [WeightRole: [Float]], parts: [(role: WeightRole, columns: Int)],
        places: [Int], reads: Reads, scales: [Float]? = nil, makesOutput: Bool
    ) {
        self.node = node
        self.parts = parts
        self.places = places
        self.reads = reads
        self.scales = scales ?? places.map { _ in 1 }
        self.makesOutput = makesOutput
        weights = Self.gathered(arrays, parts, places)
    }

    /// Of a convolution or dense layer.
    package init(
        node: Int, weights: [Float], rows: Int, scales: [Float], makesOutput: Bool
    ) {
        self.init(
            node: node, arrays: [.weights: weights], parts: [(.weights, weights.count / rows)],
            places: Array(0..<rows), reads: .window, scales: scales, makesOutput: makesOutput)
    }

    package var rows: Int { places.count }
    package var columns: Int { weights.count / rows }

    /// Whether the mean of a sum can be made up for.
    var hasBias: Bool { reads != .units }

    /// The columns of each part.
    var columnRanges: [Range<Int>] {
        var end = 0
        return parts.map { part in
            end += part.columns
            return end - part.columns..<end
        }
    }

    /// The numbers of its weights among those of the node.
    package func gathered<Number>(_ arrays: [WeightRole: [Number]]) -> [Number] {
        Self.gathered(arrays, parts, places)
    }

    private static func gathered<Number>(
        _ arrays: [WeightRole: [Number]], _ parts: [(role: WeightRole, columns: Int)],
        _ places: [Int]
    ) -> [Number] {
        places.flatMap { row in
            parts.flatMap { role, columns in
                (arrays[role] ?? [])[row * columns..<(row + 1) * columns]
            }
        }
    }

    /// Puts numbers of its weights back among those of the node.
    func scatter<Number>(_ numbers: [Number], into arrays: inout [WeightRole: [Number]]) {
        for (row, place) in places.enumerated() {
            for (part, range) in zip(parts, columnRanges) {
                for column in range {
                    arrays[part.role]?[place * part.columns + column - range.lowerBound] =
                        numbers[row * columns + column]
                }
            }
        }
    }
}
