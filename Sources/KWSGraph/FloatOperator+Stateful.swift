// SPDX-License-Identifier: Apache-2.0

extension FloatOperator {
    /// How a sliding operator looks; nil for others.
    package var window: Window? {
        switch self {
        case .convolution(let window, _, _), .depthwise(let window, _, _), .maxPool(let window),
            .averagePool(let window):
            window
        default: nil
        }
    }

    /// The operator that goes on from what it left at the last decision, where there is anything: states,
    /// or rows in the place of zeros above. A maximum has no number in their place.
    var stateful: FloatOperator {
        func goingOn(_ window: Window) -> Window {
            var window = window
            window.isStateful =
                window.bottom == 0 && 0 < window.top && window.top < window.kernelHeight
            return window
        }
        switch self {
        case .lstm(var lstm):
            lstm.recurrence.isStateful = true
            return .lstm(lstm)
        case .gru(var gru):
            gru.recurrence.isStateful = true
            return .gru(gru)
        case .convolution(let window, let weights, let bias):
            return .convolution(goingOn(window), weights: weights, bias: bias)
        case .depthwise(let window, let weights, let bias):
            return .depthwise(goingOn(window), weights: weights, bias: bias)
        case .averagePool(let window): return .averagePool(goingOn(window))
        default: return self
        }
    }
}
