// SPDX-License-Identifier: Apache-2.0

/// The grids that a network was trained on, which compiling keeps to.
package struct LearnedQuantisation: Hashable, Sendable {
    /// What one layer of the integer graph rounds to.
    package struct Layer: Hashable, Sendable {
        package struct Weights: Hashable, Sendable {
            /// 8, 4, 3 or 2.
            package var bits: Int
            /// One an output channel; of a recurrent layer one a row of its weights of the input, then
            /// of the state, then of the projection, in the order of `LSTM` and `GRU`.
            package var steps: [Double]

            package init(bits: Int, steps: [Double]) {
                self.bits = bits
                self.steps = steps
            }
        }

        /// The name of the float node.
        package var name: String
        /// Nil for a layer without weights.
        package var weights: Weights?
        package var output: Quantisation
        /// Of an LSTM: its cells saturate at `2^cellRange`, 0 to 12.
        package var cellRange: Int?

        package init(
            name: String, weights: Weights? = nil, output: Quantisation, cellRange: Int? = nil
        ) {
            self.name = name
            self.weights = weights
            self.output = output
            self.cellRange = cellRange
        }
    }

    package var input: InputQuantisation
    package var layers: [Layer]

    package init(input: InputQuantisation, layers: [Layer]) {
        self.input = input
        self.layers = layers
    }

    package subscript(name: String) -> Layer? { layers.first { $0.name == name } }
}
