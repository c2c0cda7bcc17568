// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// One frame's way from samples to logarithms: SPEC.md section 5, steps 1 to 5.
struct FrontEnd {
    let block: Block
    let record: FrontEndRecord
    /// int32 `[fft_points]`: the samples after the window.
    let frame: UnsafeMutablePointer<Int32>
    /// `[M]`.
    let transform: UnsafeMutablePointer<Complex>
    /// `[M + 1]`.
    let spectrum: UnsafeMutablePointer<Complex>

    /// Computes the logarithms of a frame.
    ///
    /// - Parameters:
    ///   - sample: the sample with a number from -1, the one before the frame, to
    ///     `frame_samples - 1`.
    ///   - row: receives int16 `[band_count]`, Q10.
    func logarithms(row: UnsafeMutablePointer<Int16>, sample: (Int) -> Int16) {
        applyWindow(sample)
        frame.withMemoryRebound(to: Complex.self, capacity: record.points) { z in
            fourier(UnsafePointer(z), step: 1, count: record.points, into: transform)
        }
        split()
        var weights = block.table(record.bandWeightsOffset, of: UInt16.self)
        for band in 0..<record.bandCount {
            let first = block.u16(record.bandsOffset + 4 * band)
            let bins = block.u16(record.bandsOffset + 4 * band + 2)
            let energy =
                record.spectrum == FrontEndRecord.power
                ? powers(first, bins, weights) : magnitudes(first, bins, weights)
            row[band] = logarithm(energy)
            weights += bins
        }
    }

    /// Step 1: pre-emphasis and window.
    private func applyWindow(_ sample: (Int) -> Int16) {
        let window = block.table(record.windowOffset, of: Int16.self)
        var before = Int32(sample(-1))
        for n in 0..<record.frameSamples {
            let x = Int32(sample(n))
            // |e| <= 2^30 + 2^15 * 32768, and 2^31 itself only below zero.
            let e = (x << 15) - record.preemphasis * before
            frame[n] = Fixed.mulq(e, window[n]) >> record.inputShift
            before = x
        }
        for n in record.frameSamples..<record.fftPoints { frame[n] = 0 }
    }

    /// Step 5: the logarithm of `energy.value * 2^energy.exponent`, Q10, between its limits.
    private func logarithm(_ energy: BandEnergy) -> Int16 {
        var l: Int64 = -32768
        if energy.value > 0 {
            l =
                Int64(Fixed.log2q10(energy.value)) + 1024 * Int64(energy.exponent)
                + Int64(record.logOffset)
        }
        let least = record.features == FeaturesID.mfccPeak.rawValue ? -32768 : record.logFloor
        return Int16(truncatingIfNeeded: min(32767, max(Int64(least), l)))
    }
}
