// SPDX-License-Identifier: Apache-2.0

/// An operator of the float graph with its weights; every image is channels-last.
package enum FloatOperator: Sendable {
    /// Convolution; weights `[out][kernelHeight][kernelWidth][in]`, bias `[out]`.
    case convolution(Window, weights: [Float], bias: [Float])
    /// Depthwise convolution with `out = in * multiplier`, output channel `c * multiplier + d` from
    /// input channel `c`; weights `[kernelHeight][kernelWidth][out]`, bias `[out]`.
    case depthwise(Window, weights: [Float], bias: [Float])
    /// Matrix product over all elements of the input; weights `[out][in]`, bias `[out]`.
    case dense(weights: [Float], bias: [Float])
    /// Long short-term memory over the rows of an image.
    case lstm(LSTM)
    /// Gated recurrent units over the rows of an image.
    case gru(GRU)
    /// `(x - mean) * gamma / sqrt(variance + epsilon) + beta` along the last axis.
    case batchNorm(BatchNorm)
    /// `x * scale + offset` along the last axis: a constant multiplication or addition.
    case affine(scale: [Float], offset: [Float])
    /// `min(max(x, lower), upper)`; ReLU is `(0, +infinity)`, ReLU6 `(0, 6)`.
    case clip(lower: Float, upper: Float)
    /// Sum of two inputs of one shape.
    case add
    /// Concatenation of all inputs along an axis of their shape.
    case concatenate(axis: Int)
    case maxPool(Window)
    /// Mean over the window; padding, if any, counts as zeros.
    case averagePool(Window)
    /// The same elements in the same order under another shape.
    case reshape(Shape)
    /// Axis `a` of the output is axis `permutation[a]` of the input.
    case transpose([Int])
    /// `exp(x_i) / sum exp(x_j)` over all elements.
    case softmax

    /// The operator's name in dumps, reports and error messages.
    package var name: String {
        switch self {
        case .convolution: "convolution"
        case .depthwise: "depthwise"
        case .dense: "dense"
        case .lstm: "LSTM"
        case .gru: "GRU"
        case .batchNorm: "batch norm"
        case .affine: "affine"
        case .clip: "clip"
        case .add: "add"
        case .concatenate: "concatenate"
        case .maxPool: "max pool"
        case .averagePool: "average pool"
        case .reshape: "reshape"
        case .transpose: "transpose"
        case .softmax: "softmax"
        }
    }
}

/// The statistics and parameters of a batch normalisation, one of each per channel.
package struct BatchNorm: Sendable {
    package var gamma: [Float]
    package var beta: [Float]
    package var mean: [Float]
    package var variance: [Float]
    package var epsilon: Float

    package init(
        gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
    ) {
        self.gamma = gamma
        self.beta = beta
        self.mean = mean
        self.variance = variance
        self.epsilon = epsilon
    }
}
