// SPDX-License-Identifier: Apache-2.0

/// What of each frequency bin goes into the bands.
package enum SpectrumKind: String, Hashable, Sendable, CaseIterable {
    /// |X|
    case magnitude
    /// |X|^2
    case power
}
