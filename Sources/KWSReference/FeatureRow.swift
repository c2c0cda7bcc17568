// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// One row of logarithms' way to features: SPEC.md section 5, step 6.
struct FeatureRow {
    let block: Block
    let record: FrontEndRecord
    /// int32 `[band_count]`, Q10; each fits 16 bits.
    let row: UnsafeMutablePointer<Int32>

    /// Divides the samples behind a row by `peak`, in the logarithm's domain.
    ///
    /// - Requires: `peak` in 1...32767.
    func divide(by peak: Int32) {
        let lp = Fixed.log2q10(UInt32(peak))
        let least = Int32(Int16(clamping: Int64(lp) + Int64(record.logFloor)))
        for j in 0..<record.bandCount {
            row[j] = Int32(Fixed.sat16(Fixed.logadd(row[j], least) - lp))
        }
    }

    /// Adds the floor to every band; one without sound is just that.
    func addFloor() {
        for j in 0..<record.bandCount {
            row[j] =
                row[j] == -32768
                ? record.logFloor
                : Int32(Fixed.sat16(Fixed.logadd(row[j], record.logFloor)))
        }
    }

    /// Writes uint8 `[feature_count]`, or `[feature_count][coarse, fine]`.
    func write(to features: UnsafeMutablePointer<UInt8>) {
        let multipliers = block.table(record.multipliersOffset, of: Int16.self)
        let biases = block.table(record.biasesOffset, of: Int32.self)
        for k in 0..<record.featureCount {
            let v = (Fixed.mulq(coefficient(k), multipliers[k]) + biases[k]) >> record.shift
            if record.finePlane == 0 {
                features[k] = Fixed.clip(v)
                continue
            }
            let sixteenths = Int32(Fixed.sat16(v))
            let coarse = Fixed.clip((sixteenths + 8) >> 4)
            features[2 * k] = coarse
            features[2 * k + 1] = Fixed.clip(sixteenths - 16 * Int32(coarse) + 128)
        }
    }

    /// A band's logarithm, or a coefficient of the row's cosine transform.
    private func coefficient(_ k: Int) -> Int32 {
        switch record.features {
        case .logMel, .logSum: return row[k]
        case .waveform: return 256 * row[k]
        case .pcen: return PCENRecord(block, at: record.ownOffset).root(row[k])
        case .mfcc, .mfccPeak: break
        }
        let dct = block.table(record.ownOffset, of: Int16.self) + k * record.bandCount
        var acc: Int32 = 0
        // |acc| <= 2^15 * sum |dct| <= 2^15 * 65535 < 2^31.
        for j in 0..<record.bandCount { acc += row[j] * Int32(dct[j]) }
        return acc
    }
}
