// SPDX-License-Identifier: Apache-2.0

extension KernelVariant {
    /// Armv6-M and Armv8-M Baseline: M0, M0+, M23.
    package static let v6m = KernelVariant(
        name: "v6m", pack: 1, trailingWidth: 5,
        scratchBytes: { layer, input, output, _ in
            let bits = layer.weightBits
            let taps: Int
            switch layer.operation {
            case .pointwise: taps = input.channels
            case .convolution(let window, _, _): taps = window.taps * input.channels
            case .dense: taps = input.elements
            case .depthwise(let window, _, _): return 12 * (window.taps + 1)
            default: return 0
            }
            // The state of a row, the taps of a pixel, and outputs that have still to be narrowed.
            let line = output.bits < 8 ? output.channels : 0
            return 136 + (taps.rounded(upTo: WeightMatrix.together(bits: bits)) + 3) / 4 * 4 + line
        },
        packed: { matrix in
            if case .depthwise = matrix.layer.operation { return matrix.channelByChannel }
            return matrix.inBlocksOfEight
        })
}

extension Int {
    fileprivate func rounded(upTo multiple: Int) -> Int {
        (self + multiple - 1) / multiple * multiple
    }
}

extension WeightMatrix {
    /// The taps that are stored together.
    fileprivate static func together(bits: Int) -> Int { bits == 3 ? 4 : bits == 2 ? 2 : 1 }

    /// As a stream; 3 and 2 bits are filled up to whole bytes after each channel.
    fileprivate var channelByChannel: [UInt8] {
        guard bits < 4 else { return bits == 8 ? stored : Self.stream(offset, bits: bits) }
        return (0..<outputs).flatMap { row($0) }
    }

    /// One output by itself, in whole bytes.
    private func row(_ output: Int) -> [UInt8] {
        Self.stream(Array(offset[output * columns..<(output + 1) * columns]), bits: bits)
    }

    private static func stream(_ values: [UInt8], bits: Int) -> [UInt8] {
        var stream = BitStream()
        for value in values { stream.append(value, bits: bits) }
        return stream.bytes
    }

    /// Blocks of eight outputs, at 8 bits one of four, then outputs by themselves.
    fileprivate var inBlocksOfEight: [UInt8] {
        var bytes: [UInt8] = []
        var first = 0
        while first + 8 <= outputs {
            bytes += block(first)
            first += 8
        }
        if bits == 8, first + 4 <= outputs {
            for k in 0..<columns { for o in 0..<4 { bytes.append(value(first + o, k)) } }
            first += 4
        }
        for o in first..<outputs { bytes += row(o) }
        return bytes
    }

    /// `v[o][k]`; behind the last k the weights are 0.
    private func value(_ o: Int, _ k: Int) -> UInt8 {
        let weight = k < columns ? Int(values[o * columns + k]) : 0
        return UInt8(truncatingIfNeeded: weight + (1 << (bits - 1)))
    }

    private func block(_ first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for k in stride(from: 0, to: columns, by: Self.together(bits: bits)) {
            func pair(_ lane: Int, _ tap: Int) -> UInt8 {
                value(first + lane, k + tap) | value(first + 4 + lane, k + tap) << UInt8(bits)
            }
            switch bits {
            case 8: bytes += (0..<8).map { value(first + $0, k) }
            case 4: bytes += (0..<4).map { pair($0, 0) }
            case 2: bytes += (0..<4).map { pair($0, 0) | pair($0, 1) << 4 }
            default: bytes += Self.three { lane, tap in UInt32(pair(lane, tap)) }
            }
        }
        return bytes
    }

    /// Three words for four taps: what the bytes have left is set, two bits at a time from the lowest on,
    /// so that the shifted words' sum is the fourth tap's.
    private static func three(_ pair: (_ lane: Int, _ tap: Int) -> UInt32) -> [UInt8] {
        func word(_ tap: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | pair($1, tap) << UInt32(8 * $1) }
        }
        var words = [word(0), word(1), word(2)]
        let fourth = word(3)
        for lane in 0..<4 {
            for i in 0..<3 {
                let place = UInt32(8 * lane + 2 * i)
                let sum = (words[0] >> 6) &+ (words[1] >> 4) &+ (words[2] >> 2)
                let missing = (fourth >> place) &- (sum >> place)
                words[i] |= (missing & 3) << UInt32(8 * lane + 6)
            }
        }
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
