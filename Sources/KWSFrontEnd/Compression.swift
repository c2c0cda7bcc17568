// SPDX-License-Identifier: Apache-2.0

/// What becomes of a band's energy.
package enum Compression: Hashable, Sendable {
    case logarithm(LogScale)
    case pcen(PCEN)
}
