// SPDX-License-Identifier: Apache-2.0

/// The range that an activation keeps its input in; both ends infinite if there is none.
struct Bounds: Sendable {
    var lower: Float = -.infinity
    var upper: Float = .infinity

    @inline(__always)
    func clip(_ x: Lanes) -> Lanes {
        // Compares and masks; `clamped(lowerBound:upperBound:)` goes lane by lane, and was 40 % of a
        // training step.
        var clipped = x
        clipped.replace(with: lower, where: x .< lower)
        clipped.replace(with: upper, where: x .> upper)
        return clipped
    }

    /// `gradient` where `x` lies between the bounds, else 0; at a bound it is 0, as in PyTorch.
    @inline(__always)
    func pass(_ gradient: Lanes, at x: Lanes) -> Lanes {
        Lanes().replacing(with: gradient, where: (x .> lower) .& (x .< upper))
    }
}
