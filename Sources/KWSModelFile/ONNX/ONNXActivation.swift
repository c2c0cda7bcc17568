// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A value of the network: its ONNX axes, and in which order the graph's memory holds them.
struct ONNXActivation: Sendable {
    /// The graph's value; its shape may drop or add axes of 1, its memory order is `order`.
    var id: ValueID
    /// Extents as ONNX counts axes, the batch axis of 1 included.
    var dims: [Int]
    /// The ONNX axes from the slowest in memory to the fastest.
    var order: [Int]
    /// Zeros that a Pad node put around each axis, still to be taken over by a window.
    var pads: [(before: Int, after: Int)]?
    /// What the file still multiplies the last axis by, `[units][outputs]`: the graph's value is
    /// that product already, behind the projection of an LSTM.
    var projection: [Double]?

    /// The axes of more than 1 in memory order: what decides where the numbers lie.
    var memory: [Int] { order.filter { dims[$0] > 1 } }

    func memory(of order: [Int]) -> [Int] { order.filter { dims[$0] > 1 } }

    /// Extents with the zeros of a pending Pad.
    var paddedDims: [Int] {
        guard let pads else { return dims }
        return zip(dims, pads).map { $0 + $1.before + $1.after }
    }
}

/// What a name of an ONNX graph stands for.
enum ONNXValue: Sendable {
    case constant(ONNXConstant)
    case activation(ONNXActivation)
}
