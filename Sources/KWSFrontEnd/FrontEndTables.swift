// SPDX-License-Identifier: Apache-2.0

/// A front end in integers: the fields and tables of `kws_front_end`, see SPEC.md, "Front end".
package struct FrontEndTables: Hashable, Sendable {
    package var features: FeatureKind
    /// Hz.
    package var sampleRate: UInt16
    package var frameSamples: UInt16
    package var hopSamples: UInt16
    package var frameCount: UInt16
    package var windowHops: UInt16
    package var bandCount: UInt16
    package var featureCount: UInt16
    package var fftPoints: UInt16
    /// 0: magnitude, 1: power.
    package var spectrum: UInt8
    /// `n` of the output requantisation.
    package var shift: UInt8
    /// Q15.
    package var preemphasis: Int16
    /// 0: none; else the shift of `v[n] - (1 - 2^-whitening) v[n-1]`.
    package var whitening: UInt8
    /// 1: each feature is a coarse and a fine byte.
    package var finePlane: UInt8
    /// Q10.
    package var logOffset: Int32
    /// Q10.
    package var logFloor: Int32
    /// Samples that the PCM ring holds.
    package var pcmCapacity: UInt32

    /// Q14 `[frameSamples]`.
    package var window: [Int16]
    /// Pairs (cos, -sin), even numbers in Q15, in the order of SPEC.md; `fftPoints / 2` pairs.
    package var twiddles: [Int16]
    /// `[bandCount][3]`: first bin, bins, Q10 logarithm of 1 / gain.
    package var bands: [UInt16]
    /// Band after band, at most 32767 in a band.
    package var bandWeights: [UInt16]
    /// The kind's own: MFCC's DCT `[featureCount][bandCount]`, PCEN's `PCENTable`, or nothing.
    package var own: [Int16]
    /// `[featureCount]`.
    package var multipliers: [Int16]
    /// `[featureCount]`.
    package var biases: [Int32]

    /// Bytes of all tables in a model block, each padded to a multiple of 4.
    package var tablesBytes: UInt32 {
        let halves = [
            window.count, twiddles.count, bands.count, bandWeights.count, own.count,
            multipliers.count,
        ]
        let bytes = halves.reduce(4 * biases.count) { $0 + ($1 * 2 + 3) / 4 * 4 }
        return UInt32(bytes)
    }
}
