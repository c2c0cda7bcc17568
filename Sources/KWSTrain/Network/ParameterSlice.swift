// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A node's numbers of one kind: a run of the flat parameter vector.
///
/// Optimisers, pruning masks and quantisers attach here; layers know nothing of them.
package struct ParameterSlice: Sendable {
    package enum Role: String, Sendable {
        case weights, bias, scale, offset
        /// Of recurrent layers, beside weights and bias.
        case recurrentWeights, recurrentBias, peepholes, projection
        /// What a quantiser learns, of a layer's weights and of its output: sizes (base-2 logarithms)
        /// and the number that the width follows from.
        case weightSize, weightWidth, outputSize, outputWidth
        /// The share of an output's range that lies below 0; not trained.
        case outputBelow
        /// The base-2 logarithm of what an LSTM's cells saturate at; not trained.
        case cellRange
        /// What a bit costs, of weights and of activations.
        case price

        /// Of weights.
        package var weightRole: WeightRole? { WeightRole(rawValue: rawValue) }
    }

    /// The node's index and name in the graph.
    package let node: Int
    package let name: String
    package let role: Role
    /// Where the numbers are in `ParameterStore.values` and `gradients`.
    package let range: Range<Int>
    /// The extents in the graph's own order, such as `[out][kernelHeight][kernelWidth][in]`.
    package let shape: [Int]
    /// Whether the optimiser moves it.
    package let trainable: Bool

    /// Whether weight decay pulls it to zero: weights only, as a bias, a scale or an offset of a
    /// normalisation does not make the function rougher.
    package var decays: Bool { role.weightRole != nil }

    /// The learning rate in units of the optimiser's. With Adam, whose steps are as long as the rate,
    /// at 0.0005 a range moves by up to 0.3 % a step and a width by up to 0.015 bits.
    package var rateFactor: Float {
        switch role {
        case .weightSize, .outputSize: 8
        case .weightWidth, .outputWidth: 30
        default: 1
        }
    }

    /// Whether the numbers are the graph's own, not a quantiser's.
    package var isOfGraph: Bool {
        switch role {
        case .weights, .bias, .scale, .offset, .recurrentWeights, .recurrentBias, .peepholes,
            .projection:
            true
        default: false
        }
    }

    package var isWidth: Bool { role == .weightWidth || role == .outputWidth }
}
