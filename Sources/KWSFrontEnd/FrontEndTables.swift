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
    package var inputShift: UInt8
    /// 1: each feature is a coarse and a fine byte.
    package var finePlane: UInt8
    /// Q10.
    package var logOffset: Int32
    /// Q10.
    package var logFloor: Int32
    /// Samples that the PCM ring holds.
    package var pcmCapacity: UInt32

    /// Q15 `[frameSamples]`.
    package var window: [Int16]
    /// Q15 pairs (cos, -sin): `3M/4` of 2 pi j / M, then `M/2` of 2 pi k / N; N = `fftPoints`,
    /// M = N / 2.
    package var twiddles: [Int16]
    /// `[bandCount][2]`: first bin, bins.
    package var bands: [UInt16]
    /// Q15, band after band.
    package var bandWeights: [UInt16]
    /// `[featureCount][bandCount]`; empty for log-mel features.
    package var dct: [Int16]
    /// `[featureCount]`.
    package var multipliers: [Int16]
    /// `[featureCount]`.
    package var biases: [Int32]

    /// Bytes of all tables in a model block, each padded to a multiple of 4.
    package var tablesBytes: UInt32 {
        let halves = [
            window.count, twiddles.count, bands.count, bandWeights.count, dct.count,
            multipliers.count,
        ]
        let bytes = halves.reduce(4 * biases.count) { $0 + ($1 * 2 + 3) / 4 * 4 }
        return UInt32(bytes)
    }
}
