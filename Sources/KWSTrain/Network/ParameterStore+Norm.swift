// SPDX-License-Identifier: Apache-2.0

extension ParameterStore {
    /// The Euclidean norm of the gradients of all that is trained.
    package var gradientNorm: Double {
        var sum = 0.0
        for slice in slices where slice.trainable {
            for g in gradients[slice.range] { sum += Double(g) * Double(g) }
        }
        return sum.squareRoot()
    }
}
