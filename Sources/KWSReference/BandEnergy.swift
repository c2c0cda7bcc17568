// SPDX-License-Identifier: Apache-2.0

/// A band's sum: `value * 2^exponent`, in units that depend on the spectrum's kind.
struct BandEnergy {
    var value: UInt32
    var exponent: Int32
}
