// SPDX-License-Identifier: Apache-2.0

/// A node's numbers of one kind: a run of the flat parameter vector.
///
/// Optimisers, pruning masks and quantisers attach here; layers know nothing of them.
package struct ParameterSlice: Sendable {
    package enum Role: String, Sendable {
        case weights, bias, scale, offset
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
    package var decays: Bool { role == .weights }
}
