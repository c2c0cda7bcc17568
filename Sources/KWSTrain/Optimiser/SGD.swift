// SPDX-License-Identifier: Apache-2.0

/// Stochastic gradient descent with Nesterov momentum, in the form of Sutskever et al. (2013) that
/// PyTorch uses: `v = momentum * v + g`, `w -= rate * (g + momentum * v)`.
package struct SGD: Optimiser {
    package var momentum: Float

    package init(momentum: Float = 0.9) {
        precondition((0..<1).contains(momentum), "momentum 0 to 1")
        self.momentum = momentum
    }

    package var moments: [String] { ["momentum"] }

    package func update(_ slice: SliceUpdate) {
        let (w, v) = (slice.values, slice.moments[0])
        let (momentum, rate) = (momentum, slice.rate)
        eachLanes(slice.count) { i, n in
            let g = slice.gradient(i, n)
            let speed = v.lanes(i, n) * momentum + g
            v.store(speed, i, n)
            w.store(w.lanes(i, n) - (g + speed * momentum) * rate, i, n)
        }
    }
}
