// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension LSTM {
    /// The numbers of a role; nil for one that the layer has not.
    subscript(role: ParameterSlice.Role) -> [Float]? {
        get {
            switch role {
            case .weights: weights
            case .recurrentWeights: recurrentWeights
            case .bias: bias
            case .peepholes: peepholes
            case .projection: projection
            default: nil
            }
        }
        set {
            switch role {
            case .weights: weights = newValue ?? []
            case .recurrentWeights: recurrentWeights = newValue ?? []
            case .bias: bias = newValue ?? []
            case .peepholes: peepholes = newValue
            case .projection: projection = newValue
            default: preconditionFailure("an LSTM has no \(role.rawValue)")
            }
        }
    }
}

extension GRU {
    /// The numbers of a role; nil for one that the layer has not.
    subscript(role: ParameterSlice.Role) -> [Float]? {
        get {
            switch role {
            case .weights: weights
            case .recurrentWeights: recurrentWeights
            case .bias: bias
            case .recurrentBias: recurrentBias
            default: nil
            }
        }
        set {
            switch role {
            case .weights: weights = newValue ?? []
            case .recurrentWeights: recurrentWeights = newValue ?? []
            case .bias: bias = newValue ?? []
            case .recurrentBias: recurrentBias = newValue
            default: preconditionFailure("a GRU has no \(role.rawValue)")
            }
        }
    }
}
