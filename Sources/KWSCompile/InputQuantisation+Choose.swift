// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension InputQuantisation {
    /// Chooses the input's quantisation from features of representative recordings.
    ///
    /// Nearly all features lie in a small part of their range; the rest come from digital silence
    /// (the first cepstral coefficient of an all-zero frame is -247 where speech stays above -70).
    /// The limits therefore are the quantiles 0.5 % and 99.5 %, half as far again from zero, and
    /// never beyond the extremes; what lies outside saturates.
    package init(features: [[Float]], hasFinePlane: Bool) {
        let sorted = features.flatMap(\.self).sorted()
        guard let least = sorted.first, let most = sorted.last, least < most else {
            self.init(Quantisation(scale: 1, zeroPoint: 128), hasFinePlane: hasFinePlane)
            return
        }
        let tail = sorted.count / 200
        let lower = max(Double(least), 1.5 * Double(min(0, sorted[tail])))
        let upper = min(Double(most), 1.5 * Double(max(0, sorted[sorted.count - 1 - tail])))
        if hasFinePlane {
            self.init(
                Quantisation(scale: max(-lower, upper) / 127, zeroPoint: 128), hasFinePlane: true)
        } else {
            self.init(Quantisation(lower: lower, upper: upper), hasFinePlane: false)
        }
    }
}
