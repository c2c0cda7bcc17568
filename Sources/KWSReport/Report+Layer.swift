// SPDX-License-Identifier: Apache-2.0

extension Report {
    /// A kernel call of the compiled network.
    package struct Layer: Sendable {
        package var name: String
        /// Such as "depthwise".
        package var kernel: String
        /// Height, width, channels.
        package var output: [Int]
        package var activationBits: Int
        package var macs: Int
        /// Of multipliers and biases.
        package var channelBytes: Int
        /// nil: it has none.
        package var weights: Weights?
        /// How the weights are stored, where the compiler had a choice.
        package var storage: Storage?
    }

    /// The weights of a layer, float and stored.
    package struct Weights: Sendable {
        /// Those that the kernel multiplies by.
        package var count: Int
        /// Weights and biases as 32-bit floats.
        package var floatBytes: Int
        /// As stored: packed and, where that is chosen, with indices.
        package var bytes: Int
        /// The width of a weight.
        package var bits: Int
        package var histogram: WeightHistogram

        package var zeros: Int { histogram.levels[1 << (bits - 1)] }

        package var sparsity: Double { count > 0 ? Double(zeros) / Double(count) : 0 }

        /// Bits that a weight takes, filling and indices included.
        package var storedBits: Double { count > 0 ? 8 * Double(bytes) / Double(count) : 0 }
    }

    /// A choice among ways to store weights.
    package struct Storage: Sendable {
        /// Such as "dense" or "sparse, blocks of 4".
        package var form: String
        package var reason: String

        package init(form: String, reason: String) {
            self.form = form
            self.reason = reason
        }
    }
}
