// SPDX-License-Identifier: Apache-2.0

/// How many bits numbers get.
package struct Widths: Hashable, Sendable {
    package static let weightBits = [8, 4, 3, 2]
    package static let activationBits = [8, 4, 2]

    /// Of weights: 8, 4, 3 or 2.
    package var weights: Int
    /// Of the weights of single layers, by name.
    package var layers: [String: Int]
    /// Of hidden tensors: 8, 4 or 2. Input and scores have 8 bits.
    package var activations: Int

    package init(weights: Int = 8, layers: [String: Int] = [:], activations: Int = 8) {
        self.weights = weights
        self.layers = layers
        self.activations = activations
    }

    func weights(of layer: String) -> Int { layers[layer] ?? weights }
}
