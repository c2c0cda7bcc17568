// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The matrices of a recurrent layer's gates as integers, and how sums over them become
/// pre-activations.
struct RecurrentGates {
    /// `[gate][unit][input]` and `[gate][unit][output]`.
    let input: RoundedWeights
    let own: RoundedWeights
    let bits: Int
    /// Of the input's bytes and the output's.
    let x: Quantisation
    let h: Quantisation

    /// Multipliers, biases, shift and lifts of `floor((mulq(acc_x 2^lx, m_x) + mulq(acc_h 2^lh, m_h) +
    /// b) / 2^n)`: the largest n whose numbers fit, and for it the least lifts.
    ///
    /// - Parameters:
    ///   - unit: by row, numbers of a pre-activation a one.
    ///   - bias: by row, as real numbers; rows in `apart` have two that are rounded apart, the second
    ///     one behind all others.
    ///   - mostColumns: of a further matrix that is lifted like the second.
    /// - Throws: `GraphError` if there is no such n.
    func scale(
        unit: [Double], bias: [Double], apart: (rows: Range<Int>, bias: [Double])?,
        mostColumns: Int, node: String
    ) throws(GraphError) -> (
        multipliers: [Int16], biases: [Int32], shift: Int, inputLift: Int, ownLift: Int
    ) {
        let rows = unit.indices
        let factors = [(input, x.scale), (own, h.scale)].map { part, scale in
            rows.map { unit[$0] * scale * part.scales[$0] }
        }
        let columns = [input, own].map { $0.weights.count / $0.scales.count }
        for shift in (0...30).reversed() {
            let lifts = factors.map { Self.lift($0.reduce(0, max), shift: shift) }
            let sums = zip(columns, lifts).map { $0 << (bits + $1) }
            guard lifts.allSatisfy({ $0 <= 15 }), sums[0] + sums[1] <= 65535 << 8,
                mostColumns << (bits + lifts[1]) <= 65535 << 8
            else { continue }
            let ones = lifts.map { exp2(Double(16 + shift - $0)) }
            let multipliers = zip(factors, ones).map { factors, one in
                factors.map { ($0 * one).rounded() }
            }
            // What the zero points bring, by the multipliers as they are stored.
            let zeros = [(input, x), (own, h)].enumerated().map { number, part in
                rows.map {
                    multipliers[number][$0] / ones[number]
                        * Double(part.1.zeroPoint * part.0.sums[$0])
                }
            }
            let separate = apart?.rows ?? 0..<0
            let parts = [(input, 0), (own, 1)].map { part, number in
                rows.map { part.shifts[$0] * unit[$0] - zeros[number][$0] }
            }
            var offsets = rows.map {
                bias[$0] * unit[$0] + parts[0][$0] + (separate.contains($0) ? 0 : parts[1][$0])
            }
            for (number, row) in separate.enumerated() {
                offsets.append((apart?.bias[number] ?? 0) * unit[row] + parts[1][row])
            }
            let biases = offsets.map {
                ($0 * exp2(Double(shift)) + exp2(Double(shift - 1))).rounded()
            }
            guard biases.allSatisfy({ abs($0) < Double(1 << 30) }) else { continue }
            return (
                multipliers.flatMap { $0.map { Int16($0) } }, biases.map { Int32($0) }, shift,
                lifts[0], lifts[1]
            )
        }
        throw GraphError(
            node: node,
            fact: "steps of weights and input are too coarse, or too many inputs, for "
                + "pre-activations of 16 bits")
    }

    /// The least lift for which the largest multiplier has 16 bits.
    private static func lift(_ largest: Double, shift: Int) -> Int {
        var lift = 0
        while lift <= 15, (largest * exp2(Double(16 + shift - lift))).rounded() > 32767 {
            lift += 1
        }
        return lift
    }
}

extension Requantisation {
    /// The step from an int16 of which one counts `scale` to a byte: `(v * m + b) >> n`.
    static func code(of scale: Double, as y: Quantisation) -> (m: Int16, b: Int32, shift: Int) {
        let factor = scale / y.scale
        var shift = 30
        func bias(_ n: Int) -> Double { (Double(y.zeroPoint) + 0.5) * exp2(Double(n)) }
        while shift > 0,
            (factor * exp2(Double(shift))).rounded() > 32767 || bias(shift) >= Double(1 << 30)
        {
            shift -= 1
        }
        return (
            Int16(min(32767, (factor * exp2(Double(shift))).rounded())),
            Int32(bias(shift).rounded()), shift
        )
    }
}
