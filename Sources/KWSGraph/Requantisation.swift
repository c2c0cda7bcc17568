// SPDX-License-Identifier: Apache-2.0

/// The integers of one requantisation step, SPEC.md section 1.
package struct Requantisation: Hashable, Sendable {
    package var multipliers: [Int16]
    package var biases: [Int32]
    /// `n`, 0...30.
    package var shift: Int

    package init(multipliers: [Int16], biases: [Int32], shift: Int) {
        self.multipliers = multipliers
        self.biases = biases
        self.shift = shift
    }
}
