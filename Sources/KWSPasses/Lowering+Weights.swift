// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension Lowering {
    /// Symmetric int8 weights in -127...127 with one scale an output channel.
    ///
    /// Element `i` of channel `c` is `weights[c * each + i]` for `stride` 1, else
    /// `weights[i * stride + c]`.
    static func quantise(
        _ weights: [Float], channels: Int, each: Int, stride: Int
    ) -> (weights: [Int8], scales: [Double]) {
        var result = Array(repeating: Int8(0), count: weights.count)
        var scales: [Double] = []
        for channel in 0..<channels {
            let places = (0..<each).map {
                stride == 1 ? channel * each + $0 : $0 * stride + channel
            }
            let largest = places.reduce(0) { max($0, abs(Double(weights[$1]))) }
            // A channel of zeros has any scale; one step of its bias's own is as good as another.
            let scale = largest > 0 ? largest / 127 : 1
            for place in places {
                result[place] = Int8((Double(weights[place]) / scale).rounded())
            }
            scales.append(largest > 0 ? scale : 0)
        }
        return (result, scales)
    }

    /// SPEC.md's exponential table for logits of a given scale: Q15, without trailing zeros.
    static func expTable(_ scale: Double) -> [UInt16] {
        var table: [UInt16] = []
        for d in 0..<256 {
            let value = UInt16((32768 * exp(-Double(d) * scale)).rounded())
            if value == 0 { break }
            table.append(value)
        }
        return table
    }
}
