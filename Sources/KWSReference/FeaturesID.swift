// SPDX-License-Identifier: Apache-2.0

/// `kws_features_id`.
enum FeaturesID: Int {
    case logMel = 0x201
    case mfcc = 0x202
    case mfccPeak = 0x203
    case logSum = 0x204
    case pcen = 0x205
    case waveform = 0x206

    /// Is a feature a sum of all bands, or made of one?
    var hasCosines: Bool { self == .mfcc || self == .mfccPeak }

    /// Have the logarithms a floor, or is it put in later?
    var hasFloor: Bool { self != .mfccPeak && self != .logSum }
}
