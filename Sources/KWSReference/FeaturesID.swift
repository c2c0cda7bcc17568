// SPDX-License-Identifier: Apache-2.0

/// `kws_features_id`.
enum FeaturesID: Int {
    case logMel = 0x201
    case mfcc = 0x202
    case mfccPeak = 0x203
}
