// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension FloatOperator {
    /// Weights and bias of a convolution or dense layer.
    var matrix: (weights: [Float], bias: [Float])? {
        switch self {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias): (weights, bias)
        default: nil
        }
    }

    /// The same convolution or dense layer with other numbers.
    ///
    /// - Requires: it is one.
    func with(weights: [Float], bias: [Float]) -> FloatOperator {
        switch self {
        case .convolution(let window, _, _): .convolution(window, weights: weights, bias: bias)
        case .dense: .dense(weights: weights, bias: bias)
        default: preconditionFailure("\(name) is no matrix")
        }
    }
}
