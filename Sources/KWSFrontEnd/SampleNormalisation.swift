// SPDX-License-Identifier: Apache-2.0

/// What the 16-bit samples are divided by.
package enum SampleNormalisation: String, Hashable, Sendable, CaseIterable {
    /// 32768
    case fullScale = "full-scale"
    /// 1: they stay the integers they are.
    case integers
    /// The largest sample of the window that a decision looks at (the maximum, not the maximum
    /// magnitude), 1 if none is positive.
    case windowPeak = "window-peak"
}
