// SPDX-License-Identifier: Apache-2.0

/// One band: the weights of consecutive frequency bins.
package struct Band: Hashable, Sendable {
    package var firstBin: Int
    package var weights: [Double]

    package init(firstBin: Int, weights: [Double]) {
        self.firstBin = firstBin
        self.weights = weights
    }
}
