// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension FloatGraph {
    /// Features as whole windows, one behind the other; each begins with states of 0, which is enough to
    /// tell what the layers' weights are worth.
    package func windows(of features: [[Float]]) -> [[Float]] {
        let count = shape(of: input).elements
        return features.flatMap { sequence in
            stride(from: 0, through: sequence.count - count, by: count).map {
                Array(sequence[$0..<$0 + count])
            }
        }
    }
}
