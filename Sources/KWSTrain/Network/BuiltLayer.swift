// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// A layer in its place in the network.
struct BuiltLayer: @unchecked Sendable {
    /// A gradient to be added to that of another reader of the same value.
    struct Sum {
        let part: UnsafeMutablePointer<Float>
        let total: UnsafeMutablePointer<Float>
        /// Numbers of a sample.
        let elements: Int
    }

    let layer: any Layer
    /// The value that it writes.
    let value: ValueID
    let output: Port
    /// Whether the layer learns or has a gradient to pass on.
    let isBackward: Bool
    /// To be done after the layer's backward pass.
    let sums: [Sum]
}
