// SPDX-License-Identifier: Apache-2.0

/// What the weights of an array of an operator multiply.
package enum WeightRole: String, Sendable {
    /// The input.
    case weights
    /// Of a recurrent layer: its output of the step before.
    case recurrentWeights
    /// Of an LSTM: what its units put out.
    case projection
}

extension FloatOperator {
    /// The weights of a convolution, dense or recurrent layer; of others none.
    package var matrices: [WeightRole: [Float]] {
        get {
            switch self {
            case .convolution(_, let weights, _), .dense(let weights, _): return [.weights: weights]
            case .lstm(let lstm):
                var matrices = [
                    WeightRole.weights: lstm.weights, .recurrentWeights: lstm.recurrentWeights,
                ]
                matrices[.projection] = lstm.projection
                return matrices
            case .gru(let gru):
                return [.weights: gru.weights, .recurrentWeights: gru.recurrentWeights]
            default: return [:]
            }
        }
        set {
            let weights = newValue[.weights] ?? []
            switch self {
            case .convolution(let window, _, let bias):
                self = .convolution(window, weights: weights, bias: bias)
            case .dense(_, let bias): self = .dense(weights: weights, bias: bias)
            case .lstm(var lstm):
                lstm.weights = weights
                lstm.recurrentWeights = newValue[.recurrentWeights] ?? []
                lstm.projection = newValue[.projection]
                self = .lstm(lstm)
            case .gru(var gru):
                gru.weights = weights
                gru.recurrentWeights = newValue[.recurrentWeights] ?? []
                self = .gru(gru)
            default: break
            }
        }
    }
}
