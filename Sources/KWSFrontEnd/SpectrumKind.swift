// SPDX-License-Identifier: Apache-2.0

/// What of each frequency bin goes into the bands, if there are any.
package enum SpectrumKind: String, Hashable, Sendable, CaseIterable {
    /// |X|
    case magnitude
    /// |X|^2
    case power
    /// No transform: the features are a frame's samples.
    case waveform
}
