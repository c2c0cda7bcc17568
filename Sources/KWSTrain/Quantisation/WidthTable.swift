// SPDX-License-Identifier: Apache-2.0

/// The widths of a network's weights and activations.
package struct WidthTable: Sendable {
    /// Widths for which there are kernels.
    package static let weightBits = [2, 3, 4, 8]
    package static let activationBits = [2, 4, 8]

    package struct Row: Sendable {
        /// Of the layer.
        package var name: String
        /// Weights, or numbers of the layer's output.
        package var count: Int
        /// Of the grid.
        package var bits: Int
        /// Of the storage.
        package var storedBits: Int

        init(name: String, count: Int, bits: Int, storable: [Int]) {
            self.name = name
            self.count = count
            self.bits = bits
            storedBits = storable.first { $0 >= bits } ?? 8
        }
    }

    package var weights: [Row]
    package var activations: [Row]
}

extension [WidthTable.Row] {
    /// Means over all numbers.
    package var meanBits: Double { mean { $0.bits } }
    package var meanStoredBits: Double { mean { $0.storedBits } }

    /// The mean over layers, whatever their size.
    package var plainMeanStoredBits: Double {
        reduce(0) { $0 + Double($1.storedBits) } / Double(Swift.max(1, count))
    }

    private func mean(_ bits: (WidthTable.Row) -> Int) -> Double {
        let all = reduce(0) { $0 + $1.count }
        return Double(reduce(0) { $0 + $1.count * bits($1) }) / Double(Swift.max(1, all))
    }
}

/// What widths may be at most: means over all numbers, of bits as they are stored.
package struct WidthBudget: Sendable, Hashable {
    package var weights: Double?
    package var activations: Double?

    package init(weights: Double? = nil, activations: Double? = nil) {
        self.weights = weights
        self.activations = activations
    }
}
