// SPDX-License-Identifier: Apache-2.0

/// A rule that moves parameters against their gradients.
package protocol Optimiser: Sendable {
    /// Names of the vectors that it keeps, each as long as the parameters.
    var moments: [String] { get }

    /// Moves the parameters of one slice.
    func update(_ slice: SliceUpdate)
}

/// One slice's part of a step.
package struct SliceUpdate {
    package let count: Int
    package let values: UnsafeMutablePointer<Float>
    package let gradients: UnsafePointer<Float>
    /// The optimiser's vectors, in the order of their names.
    package let moments: [UnsafeMutablePointer<Float>]
    /// The learning rate of this step.
    package let rate: Float
    /// What gradients are multiplied by: below 1 if their norm is clipped.
    package let gradientScale: Float
    /// L2 regularisation: `decay * value` is added to the gradient; 0 for a slice without.
    package let decay: Float
    /// Steps done, this one included.
    package let step: Int

    /// The gradient with its scale and the weight decay.
    @inline(__always)
    func gradient(_ i: Int, _ n: Int) -> Lanes {
        gradients.lanes(i, n) * gradientScale + values.lanes(i, n) * decay
    }
}
