// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Requantisation {
    /// Derives SPEC.md's `m`, `b`, `n` of `requant` from real numbers:
    /// `y = acc * factor + offset`.
    ///
    /// - Parameter offsets: the offsets in output steps, zero point included, given the factors as
    ///   they are stored (`m / 2^(16+n)`).
    /// - Throws: `GraphError` if a factor is 1/2 or larger.
    package init(
        factors: [Double], offsets: (_ stored: [Double]) -> [Double], node: String
    ) throws(GraphError) {
        let largest = factors.reduce(0) { max($0, abs($1)) }
        for shift in (0...30).reversed() {
            let one = Double(sign: .plus, exponent: 16 + shift, significand: 1)
            guard (largest * one).rounded() <= 32767 else { continue }
            let multipliers = factors.map { Int16(($0 * one).rounded()) }
            let biases = Requantisation.biases(
                offsets(multipliers.map { Double($0) / one }), shift: shift,
                rounding: Double(sign: .plus, exponent: shift - 1, significand: 1))
            if let biases {
                self.init(multipliers: multipliers, biases: biases, shift: shift)
                return
            }
        }
        throw GraphError(
            node: node,
            fact: "requantisation by \(largest) steps a count does not fit 16 bits; "
                + "the ranges of input, weights and output differ too much")
    }

    /// The step of ADD and PLACE: `(sum x_i * m_i + b) >> n`.
    package static func rescaling(
        from inputs: [Quantisation], to output: Quantisation, node: String
    ) throws(GraphError) -> Requantisation {
        let inputs = inputs.map(\.asByte)
        if inputs == [output] {
            return Requantisation(multipliers: [1], biases: [0], shift: 0)
        }
        let factors = inputs.map { $0.scale / output.scale }
        let largest = factors.reduce(0, max)
        for shift in (0...30).reversed() {
            let one = Double(sign: .plus, exponent: shift, significand: 1)
            guard (largest * one).rounded() <= 32767 else { continue }
            let multipliers = factors.map { Int16(($0 * one).rounded()) }
            let offset = zip(multipliers, inputs).reduce(Double(output.zeroPoint)) {
                $0 - Double($1.0) / one * Double($1.1.zeroPoint)
            }
            if let biases = biases(
                [offset], shift: shift, rounding: shift == 0 ? 0 : one / 2)
            {
                return Requantisation(multipliers: multipliers, biases: biases, shift: shift)
            }
        }
        throw GraphError(
            node: node, fact: "input steps are \(largest) times the output's, at most 32767")
    }

    /// SPEC.md's `m[0]` and `n` of a softmax over logits of a given scale.
    ///
    /// A scale beyond `m`'s range (22 a step) makes all but the largest logit vanish either way.
    static func softmax(scale: Double) -> Requantisation {
        for shift in (0...13).reversed() {
            let one = Double(sign: .plus, exponent: 10 + shift, significand: 1)
            let multiplier = (scale * log2(M_E) * one).rounded()
            guard multiplier <= 32767 || shift == 0 else { continue }
            return Requantisation(
                multipliers: [Int16(min(32767, max(1, multiplier)))], biases: [], shift: shift)
        }
        return Requantisation(multipliers: [1], biases: [], shift: 13)
    }

    /// Offsets in output steps as rounding biases; nil if one is too large for this shift.
    private static func biases(
        _ offsets: [Double], shift: Int, rounding: Double
    ) -> [Int32]? {
        let one = Double(sign: .plus, exponent: shift, significand: 1)
        let limit = Double(1 << 30)
        var result: [Int32] = []
        for offset in offsets {
            let bias = (offset * one + rounding).rounded()
            guard abs(bias) < limit else { return nil }
            result.append(Int32(bias))
        }
        return result
    }
}
