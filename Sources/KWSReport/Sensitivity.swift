// SPDX-License-Identifier: Apache-2.0

/// What each layer's weights cost in fidelity if they alone are narrowed.
package struct Sensitivity: Sendable {
    /// What `loss` is, as a sentence, with the inputs that it was measured on.
    package var measure: String
    package var layers: [Curve]

    package struct Curve: Sendable {
        package var layer: String
        /// Widest first.
        package var points: [(bits: Int, loss: Double)]

        package init(layer: String, points: [(bits: Int, loss: Double)]) {
            self.layer = layer
            self.points = points
        }
    }

    package init(measure: String, layers: [Curve]) {
        self.measure = measure
        self.layers = layers
    }
}
