// SPDX-License-Identifier: Apache-2.0

/// From Q10 logarithms to 8-bit features: DCT, multipliers, biases and shift.
struct OutputScaling: Hashable, Sendable {
    var dct: [Int16] = []
    var multipliers: [Int16] = []
    var biases: [Int32] = []
    var shift = 0

    init(
        _ d: FrontEndDefinition, units: LogUnits, scale: Double, zeroPoint: Int
    ) throws(FrontEndError) {
        let perUnit = d.logarithm.perOctave / 1024
        // Per feature: quantised = slope * accumulator + constant(slope as stored).
        var rows: [Row] = []
        if d.coefficients == nil {
            let real = d.logarithm.atOne / scale + Double(zeroPoint)
            rows = [Row](
                repeating: Row(slope: perUnit / scale, sum: 1, constant: real),
                count: d.featureCount)
        } else {
            for row in d.dct {
                let (integers, gain) = Self.integers(row)
                dct += integers
                rows.append(
                    Row(
                        slope: perUnit / gain / scale,
                        sum: integers.reduce(0) { $0 + Double($1) },
                        constant: d.logarithm.atOne * row.reduce(0, +) / scale
                            + Double(zeroPoint)))
            }
        }
        let originUnits = 1024 * units.origin
        for n in stride(from: 30, through: 0, by: -1) {
            guard let (m, b) = Self.fixed(rows, shift: n, origin: originUnits) else { continue }
            (multipliers, biases, shift) = (m, b, n)
            return
        }
        throw FrontEndError(
            field: "scale", found: "\(scale)",
            allowed: "one that keeps multipliers below 2^15 and biases below 2^30")
    }

    private struct Row {
        /// Quantised feature per unit of the accumulator.
        var slope: Double
        /// Sum of the accumulator's weights: how often it counts the origin of the logarithms.
        var sum: Double
        /// Quantised feature where every band is 1.
        var constant: Double
    }

    /// Multipliers and biases for one shift, nil if some do not fit.
    private static func fixed(
        _ rows: [Row], shift: Int, origin: Double
    ) -> ([Int16], [Int32])? {
        let one = Double(1 << shift)
        var multipliers: [Int16] = []
        var biases: [Int32] = []
        for row in rows {
            let m = (row.slope * one * 65536).rounded()
            guard abs(m) < 32768 else { return nil }
            let stored = m / (one * 65536)
            // Half a step centres the shift's floor, half a unit that of mulq.
            let b =
                ((row.constant - stored * row.sum * origin) * one + one / 2 + (shift > 0 ? 0.5 : 0))
                .rounded()
            guard abs(b) < Double(1 << 30) else { return nil }
            multipliers.append(Int16(m))
            biases.append(Int32(b))
        }
        return (multipliers, biases)
    }

    /// The largest integer row proportional to `row` whose magnitudes sum to 65535 at most, and
    /// the factor between them.
    private static func integers(_ row: [Double]) -> ([Int16], gain: Double) {
        let sum = row.reduce(0) { $0 + abs($1) }
        let most = row.reduce(0) { max($0, abs($1)) }
        var gain = min(65535 / sum, 32767 / most)
        while true {
            let integers = row.map { ($0 * gain).rounded() }
            let total = integers.reduce(0) { $0 + abs($1) }
            if total <= 65535 { return (integers.map { Int16($0) }, gain) }
            gain *= 65534.5 / total
        }
    }
}
