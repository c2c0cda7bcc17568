// SPDX-License-Identifier: Apache-2.0

/// The integer front ends of SPEC.md, by their `kws_features_id`.
package enum FeatureKind: UInt16, Hashable, Sendable, CaseIterable {
    case logMel = 0x201
    case mfcc = 0x202
    /// MFCC of samples divided by the window's largest one.
    case mfccPeak = 0x203
    /// Log-mel whose floor is added to a band.
    case logSum = 0x204
    case pcen = 0x205
    /// A frame's samples.
    case waveform = 0x206
}
