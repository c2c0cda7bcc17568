// SPDX-License-Identifier: Apache-2.0

/// What says how much a weight matters; `KWSPasses` has the formulas.
package enum ImportanceMeasure: String, CaseIterable, Sendable {
    /// `|w| E|x|`.
    case input
    /// `|w| sqrt(E x^2)`.
    case rms
    /// `|w| std(x)`, for where the bias takes over the mean.
    case centred
    /// What a weight's removal does to its sum once those that stay have made up for it; they do.
    case surgeon
    /// `|w|`.
    case magnitude
    /// `|w E(dL/dw)|`.
    case taylor
    /// `w^2 E((dL/dw)^2) / 2`.
    case fisher
    /// No measure, for comparison.
    case random
}

/// Where weights compete.
package enum PruningScope: String, CaseIterable, Sendable {
    /// Each layer loses the same share.
    case layer
    /// All layers compete, measures divided by their Euclidean norm over the matrix, of which 1 % stays
    /// at least.
    case global
}

/// What is kept or removed as one.
package enum PruningGranularity: Sendable, Equatable {
    case blocks(BlockShape)
    /// All that one output of a layer reads; recurrent layers, and those that make the network's
    /// output, stay whole.
    case units

    package static let weights = PruningGranularity.blocks(BlockShape(outputs: 1, inputs: 1))
}

/// A rectangle of a layer's weight matrix `[outputs][kernelHeight * kernelWidth * inputs]`, or of a
/// recurrent layer's rows in stored order over input or output, each block from a multiple of its
/// extents on; those at the end of a row or column may be smaller.
package struct BlockShape: Hashable, Sendable {
    package var outputs: Int
    package var inputs: Int

    package init(outputs: Int, inputs: Int) {
        precondition(outputs > 0 && inputs > 0, "a block has weights")
        self.outputs = outputs
        self.inputs = inputs
    }
}

/// What is pruned, and by which rule.
package struct PruningSettings: Sendable {
    /// Share of the weights of convolutions, dense and recurrent layers that become zero, 0 to 0.99;
    /// biases, normalisations, peep-holes and depthwise weights stay.
    package var sparsity: Double
    package var measure: ImportanceMeasure
    package var scope: PruningScope
    package var granularity: PruningGranularity
    /// Of the random measure.
    package var seed: UInt64

    package init(
        sparsity: Double, measure: ImportanceMeasure = .input, scope: PruningScope = .global,
        granularity: PruningGranularity = .weights, seed: UInt64 = 1
    ) {
        precondition((0...0.99).contains(sparsity), "sparsity 0 to 0.99")
        self.sparsity = sparsity
        self.measure = measure
        self.scope = scope
        self.granularity = granularity
        self.seed = seed
    }
}
