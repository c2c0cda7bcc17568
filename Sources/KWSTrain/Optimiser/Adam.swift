// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Adam (Kingma and Ba 2015, algorithm 1).
package struct Adam: Optimiser {
    package var beta1: Float
    package var beta2: Float
    package var epsilon: Float

    package init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
        precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas 0 to 1")
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    package var moments: [String] { ["mean", "square"] }

    package func update(_ slice: SliceUpdate) {
        let (w, m, v) = (slice.values, slice.moments[0], slice.moments[1])
        let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
        // The means' bias towards their start at zero, taken out in double: 1 - 0.999^1 has few
        // digits left in float.
        let scale1 = Float(Double(slice.rate) / (1 - pow(Double(beta1), Double(slice.step))))
        let scale2 = Float(1 / (1 - pow(Double(beta2), Double(slice.step))))
        eachLanes(slice.count) { i, n in
            let g = slice.gradient(i, n)
            let mean = m.lanes(i, n) * beta1 + g * (1 - beta1)
            let square = v.lanes(i, n) * beta2 + g * g * (1 - beta2)
            m.store(mean, i, n)
            v.store(square, i, n)
            let size = (square * scale2).squareRoot() + epsilon
            w.store(w.lanes(i, n) - mean * scale1 / size, i, n)
        }
    }
}
