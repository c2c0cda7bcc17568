// SPDX-License-Identifier: Apache-2.0

/// An operator of the integer graph; the kernels of SPEC.md section 4.
package enum QuantOperator: Sendable {
    /// Weights `[out][kernelHeight][kernelWidth][in]`.
    case convolution(Window, weights: [Int8], Requantisation)
    /// A 1x1 convolution with stride 1; weights `[out][in]`.
    case pointwise(weights: [Int8], Requantisation)
    /// Weights `[out][kernelHeight][kernelWidth]`.
    case depthwise(Window, weights: [Int8], Requantisation)
    /// Weights `[out][in]`.
    case dense(weights: [Int8], Requantisation)
    case maxPool(Window)
    case averagePool(Window, Requantisation)
    /// Over all rows and columns.
    case mean(Requantisation)
    /// Two multipliers, one bias.
    case add(Requantisation)
    /// Writes its input into the output at (row, column, channel), rescaled.
    case place(row: Int, column: Int, channel: Int, Requantisation)
    case transpose([Int])
    case view
    /// One multiplier, no bias.
    case softmax(Requantisation)
    case recurrent(QuantRecurrence)

    package var name: String {
        switch self {
        case .convolution: "convolution"
        case .pointwise: "pointwise"
        case .depthwise: "depthwise"
        case .dense: "dense"
        case .maxPool: "max pool"
        case .averagePool: "average pool"
        case .mean: "mean"
        case .add: "add"
        case .place: "place"
        case .transpose: "transpose"
        case .view: "view"
        case .softmax: "softmax"
        case .recurrent(let layer): layer.cell.rawValue
        }
    }

    package var weights: [Int8] {
        switch self {
        case .convolution(_, let weights, _), .pointwise(let weights, _),
            .depthwise(_, let weights, _), .dense(let weights, _):
            weights
        case .recurrent(let layer): layer.weights
        default: []
        }
    }

    package var requantisation: Requantisation? {
        switch self {
        case .convolution(_, _, let requantisation), .pointwise(_, let requantisation),
            .depthwise(_, _, let requantisation), .dense(_, let requantisation),
            .averagePool(_, let requantisation), .mean(let requantisation),
            .add(let requantisation), .place(_, _, _, let requantisation),
            .softmax(let requantisation):
            requantisation
        case .recurrent(let layer): layer.requantisation
        default: nil
        }
    }

    /// The window of a sliding operator; that of POINTWISE is 1x1.
    package var window: Window? {
        switch self {
        case .convolution(let window, _, _), .depthwise(let window, _, _), .maxPool(let window),
            .averagePool(let window, _):
            window
        case .pointwise: Window(kernel: (1, 1))
        default: nil
        }
    }
}
