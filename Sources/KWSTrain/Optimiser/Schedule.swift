// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The learning rate over the steps of a run, as a factor of its start.
package enum Schedule: Sendable {
    case constant
    /// From 0 in a line to 1 over `warmUp` steps, then along half a cosine to `final` at `total`
    /// (Loshchilov and Hutter 2017, equation 5).
    case cosine(warmUp: Int, total: Int, final: Double)
    /// Half a cosine from 1 to 0 every `steps` steps.
    case cycles(steps: Int)
    /// Times `factor` at each of the steps `at`.
    case steps(at: [Int], factor: Double)

    /// The factor of step `step`, counted from 0.
    package func factor(_ step: Int) -> Double {
        switch self {
        case .constant:
            return 1
        case .cosine(let warmUp, let total, let final):
            if step < warmUp { return Double(step + 1) / Double(warmUp) }
            let done = Double(min(step, total) - warmUp) / Double(max(total - warmUp, 1))
            return final + (1 - final) * (1 + cos(.pi * done)) / 2
        case .cycles(let steps):
            return (1 + cos(.pi * Double(step % steps) / Double(steps))) / 2
        case .steps(let at, let factor):
            return at.reduce(1) { step >= $1 ? $0 * factor : $0 }
        }
    }
}
