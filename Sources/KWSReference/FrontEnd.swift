// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// One frame's way from samples to logarithms: SPEC.md section 5, steps 1 to 5.
struct FrontEnd {
    let block: Block
    let record: FrontEndRecord
    /// int32 `[fft_points]`: the samples after the window, then the transform's pairs.
    let frame: UnsafeMutablePointer<Int32>
    /// `[M]`, in bit-reversed order.
    let transform: UnsafeMutablePointer<Complex>
    /// `[M + 1]`.
    let spectrum: UnsafeMutablePointer<Complex>

    /// Computes the logarithms of a frame.
    ///
    /// - Parameters:
    ///   - sample: the sample with a number from -1, the one before the frame, to
    ///     `frame_samples - 1`.
    ///   - row: receives int16 `[band_count]`, Q10.
    /// - Returns: `e` of step 3, -1 for silence.
    func logarithms(row: UnsafeMutablePointer<Int16>, sample: (Int) -> Int16) -> Int32 {
        guard var shifts = applyWindow(sample) else {
            for band in 0..<record.bandCount { row[band] = clamped(-32768) }
            return -1
        }
        shifts += fourier()
        shifts += split()
        var weights = block.table(record.bandWeightsOffset, of: UInt16.self)
        for band in 0..<record.bandCount {
            let entry = record.bandsOffset + 6 * band
            let first = block.u16(entry)
            let bins = block.u16(entry + 2)
            if bins == 0 {
                row[band] = clamped(-32768)
                continue
            }
            let isPower = record.spectrum == FrontEndRecord.power
            let energy =
                isPower ? powers(first, bins, weights) : magnitudes(first, bins, weights)
            let l =
                Fixed.log2q10(energy) + 1024 * shifts * (isPower ? 2 : 1)
                + Int32(block.i16(entry + 4)) + record.logOffset
            row[band] = clamped(l)
            weights += bins
        }
        return shifts
    }

    /// Step 1: pre-emphasis, window, whitening, scale. Returns the shift; nil for no sound at all.
    private func applyWindow(_ sample: (Int) -> Int16) -> Int32? {
        let window = block.table(record.windowOffset, of: Int16.self)
        let n = record.fftPoints
        for k in 0..<n {
            guard k < record.frameSamples else {
                frame[k] = 0
                continue
            }
            let before = (record.preemphasis * Int32(sample(k - 1)) + 8192) >> 14
            // |2 x - c x'| < 2^17, |window| <= 2^14.
            frame[k] = (2 * Int32(sample(k)) - before) * Int32(window[k])
        }
        if record.whitening > 0 {
            var before = frame[n - 1]
            for k in 0..<n {
                let v = frame[k]
                // |v| <= 2^30 without pre-emphasis.
                frame[k] = v - before + before >> record.whitening
                before = v
            }
        }
        var all: UInt32 = 0
        for k in 0..<n { all |= UInt32(max(frame[k], ~frame[k])) }
        if all == 0 { return nil }
        let shift = max(0, Fixed.bits(all) - 14)
        for k in 0..<n { frame[k] >>= shift }
        return shift
    }

    private func clamped(_ l: Int32) -> Int16 {
        let least = record.features.hasFloor ? record.logFloor : -32768
        return Int16(truncatingIfNeeded: min(32767, max(least, l)))
    }
}
