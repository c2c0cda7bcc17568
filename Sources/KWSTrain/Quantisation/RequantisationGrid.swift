// SPDX-License-Identifier: Apache-2.0

/// What integers do in place of rounding x / d: with `acc` the accumulator, f what one of its counts is
/// in steps and u = x / d - acc f,
/// `y = (floor(acc f 2^n) + round((u + zero) 2^n + 2^(n-1))) >> n`
/// (Include/SPEC.md, `requant`; multipliers are exact here).
///
/// Where weights have few bits and outputs many, f is large, 16 bits of multiplier leave n = 0 or 1,
/// and biases are whole or half steps: training has to know.
struct RequantisationGrid {
    /// From so many digits behind the binary point on, rounding to nearest is as good.
    static let enough = 6

    /// `2^n`.
    let resolution: Float
    /// u and the integer bias, one a channel or one for all.
    let offsets: [Float]
    let biases: [Float]

    /// - Parameters:
    ///   - factors: f, one a channel or one for all.
    ///   - offsets: u of each.
    /// - Returns: nil if n is `enough`.
    init?(factors: [Float], offsets: [Float], zeroPoint: Int) {
        let largest = Double(factors.reduce(0, max))
        guard largest > 0 else { return nil }
        var shift = 0
        while shift < Self.enough,
            (largest * Double(1 << (17 + shift))).rounded() <= 32767
        { shift += 1 }
        guard shift < Self.enough else { return nil }
        let resolution = Double(1 << shift)
        self.resolution = Float(resolution)
        self.offsets = offsets
        biases = offsets.map {
            Float(((Double($0) + Double(zeroPoint)) * resolution + resolution / 2).rounded())
        }
    }

    /// `floor(x)` for sizes below 2^21.
    @inline(__always)
    static func floor(_ x: Lanes) -> Lanes {
        let nearest = (x + RoundingLayer.rounding) - RoundingLayer.rounding
        return nearest.replacing(with: nearest - 1, where: nearest .> x)
    }
}
