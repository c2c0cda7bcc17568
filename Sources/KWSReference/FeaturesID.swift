// SPDX-License-Identifier: Apache-2.0

/// `kws_features_id`.
enum FeaturesID: Int {
    case logMel = 101
    case mfcc = 102
    case mfccPeak = 103
}
