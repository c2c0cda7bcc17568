// SPDX-License-Identifier: Apache-2.0

/// From Q10 logarithms, or roots of PCEN, to 8-bit features: own tables, multipliers, biases, shift.
struct OutputScaling: Hashable, Sendable {
    /// Of the kind.
    var own: [Int16] = []
    var multipliers: [Int16] = []
    var biases: [Int32] = []
    var shift = 0

    /// - Parameter most: the number behind the largest feature, 256 or with a fine plane 4096.
    init(
        _ d: FrontEndDefinition, units: LogUnits, scale: Double, zeroPoint: Int, most: Int
    ) throws(FrontEndError) {
        // Per feature: quantised = slope * accumulator + constant(slope as stored).
        var rows: [Row] = []
        switch d.compression {
        case .pcen(let pcen):
            let table = try PCENTable(pcen, units: units, largest: scale * Double(most - zeroPoint))
            own = table.halves
            // 256 roots are the accumulator, and 2^15 of the root stand for 2^top.
            let unit = Mathematics.power(2, Double(table.top) / 1024 - 23)
            let zero = Double(zeroPoint) - pcen.biasRoot / scale
            rows = [Row](
                repeating: Row(slope: unit / scale, sum: 0, constant: zero), count: d.featureCount)
        case .logarithm(let logarithm) where d.coefficients == nil:
            let real = logarithm.atOne / scale + Double(zeroPoint)
            rows = [Row](
                repeating: Row(slope: logarithm.perOctave / 1024 / scale, sum: 1, constant: real),
                count: d.featureCount)
        case .logarithm(let logarithm):
            for row in d.dct {
                let (integers, gain) = Self.integers(row)
                own += integers
                rows.append(
                    Row(
                        slope: logarithm.perOctave / 1024 / gain / scale,
                        sum: integers.reduce(0) { $0 + Double($1) },
                        constant: logarithm.atOne * row.reduce(0, +) / scale + Double(zeroPoint)))
            }
        }
        try store(rows, origin: 1024 * units.origin, scale: scale)
    }

    /// Takes the largest shift that all numbers fit.
    private mutating func store(
        _ rows: [Row], origin: Double, scale: Double
    ) throws(FrontEndError) {
        for n in stride(from: 30, through: 0, by: -1) {
            guard let (m, b) = Self.fixed(rows, shift: n, origin: origin) else { continue }
            (multipliers, biases, shift) = (m, b, n)
            return
        }
        throw FrontEndError(
            field: "scale", found: "\(scale)",
            allowed: "one that keeps multipliers below 2^15 and biases below 2^30")
    }

    /// Of samples, 256 of which are the accumulator.
    init(waveform d: FrontEndDefinition, scale: Double, zeroPoint: Int) throws(FrontEndError) {
        let unit = d.normalisation == .fullScale ? 32768.0 : 1
        let row = Row(slope: 1 / (256 * unit * scale), sum: 0, constant: Double(zeroPoint))
        try store([Row](repeating: row, count: d.featureCount), origin: 0, scale: scale)
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
