// SPDX-License-Identifier: Apache-2.0
//
// Goal: weights of few bits are the nearest numbers of a scale that makes the squared error small, and
// are stored as SPEC.md section 4.2 draws them.
// Method: a scale that clips nothing as the comparison; bytes worked out by hand.

import KWSGraph
import KWSPasses
import Testing

struct WeightTests {
    static func dense(_ weights: [Float], bits: Int) throws -> QuantGraph {
        var graph = FloatGraph(name: "net", inputShape: [weights.count])
        try graph.append(.dense(weights: weights, bias: [0]), name: "fc", inputs: [graph.input])
        return try Quantise(
            calibration: Calibration(ranges: [(-1, 1), (-9, 9)]), input: .unit,
            widths: Widths(weights: bits))(graph)
    }

    @Test(arguments: [4, 3, 2]) func anOutlierIsClipped(bits: Int) throws {
        // Thousands up to 1/8, and one of 1.
        let weights = (0..<5000).map { Float($0 % 17 - 8) / 64 } + [1]
        let layer = try Self.dense(weights, bits: bits).layers[0]
        let limit = 1 << (bits - 1)
        let q = layer.operation.weights
        #expect(layer.weightBits == bits)
        #expect(q.allSatisfy { -limit <= Int($0) && Int($0) < limit })
        // With the outlier as its largest number, hardly anything would be left of all others.
        let plain = Set(weights.map { ($0 * Float(limit - 1)).rounded() })
        #expect(Set(q).count > plain.count)
    }

    @Test func streamsBeginWithTheLowestBit() {
        func packed(_ values: [Int8], bits: Int) -> [UInt8] {
            KernelVariant.portable.packed(Self.matrix(values, outputs: 1, bits: bits))
        }
        #expect(packed([1, -1, -128], bits: 8) == [1, 255, 128])
        // -8 is 0, 7 is 15, 0 is 8.
        #expect(packed([-8, 7, 0], bits: 4) == [0xF0, 0x08])
        // v = 7, 0, 4, 1: 111 000 (001)(00 100) and so on.
        #expect(packed([3, -4, 0, -3], bits: 3) == [0b0000_0111, 0b0000_0011])
        #expect(packed([-2, -1, 0, 1, 1], bits: 2) == [0b1110_0100, 0b11])
    }

    /// Six channels with three taps, `w[o][k] = 10 o + k`: four together, then two.
    @Test func tallKernelsHaveFourChannelsTogether() {
        let weights = (0..<6).flatMap { o in (0..<3).map { Int8(10 * o + $0) } }
        func packed(_ window: Window) -> [UInt8] {
            let layer = QuantGraph.Layer(
                name: "tall",
                operation: .depthwise(
                    window, weights: weights,
                    Requantisation(multipliers: [1], biases: [0], shift: 0)),
                inputs: [TensorID(0)], output: TensorID(1), weightBits: 8)
            return KernelVariant.dsp.packed(WeightMatrix(layer, output: Self.output([1, 1, 6])))
        }
        #expect(
            packed(Window(kernel: (3, 1))) == [
                0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32, 40, 50, 41, 51, 42, 52,
            ])
        // One row, and one column with padding beside it, are as PORTABLE has them.
        let plain = weights.map { UInt8($0) }
        #expect(packed(Window(kernel: (1, 3))) == plain)
        #expect(packed(Window(kernel: (3, 1), padding: (0, 0, 1, 1))) == plain)
    }

    private static func output(_ shape: Shape) -> QuantGraph.Tensor {
        QuantGraph.Tensor(
            name: "y", shape: shape, quantisation: Quantisation(scale: 1, zeroPoint: 0),
            value: FloatGraph(name: "", inputShape: [1]).input)
    }

    /// A dense layer's weights, `[outputs][columns]`.
    static func matrix(_ weights: [Int8], outputs: Int, bits: Int) -> WeightMatrix {
        let layer = QuantGraph.Layer(
            name: "fc",
            operation: .dense(
                weights: weights, Requantisation(multipliers: [1], biases: [0], shift: 0)),
            inputs: [TensorID(0)], output: TensorID(1), weightBits: bits)
        return WeightMatrix(layer, output: output([outputs]))
    }

    /// Nine outputs: a block of eight and one by itself; `w = -2^(bits-1) + o` for the first value of output
    /// o, zeros behind it.
    static func blocks(columns: Int, bits: Int) -> [UInt8] {
        let values = (0..<9).flatMap { o -> [Int8] in
            let first = Int8(truncatingIfNeeded: o % (1 << bits) - (1 << (bits - 1)))
            return [first] + Array(repeating: 0, count: columns - 1)
        }
        return KernelVariant.v6m.packed(Self.matrix(values, outputs: 9, bits: bits))
    }

    @Test func v6mStoresBlocksOfEightOutputs() {
        #expect(Self.blocks(columns: 1, bits: 8) == [0, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(Self.blocks(columns: 1, bits: 4) == [0x40, 0x51, 0x62, 0x73, 8])
        // Output 4 is 0 again. The second value is 2 everywhere, if only behind the end.
        #expect(Self.blocks(columns: 1, bits: 2) == [0xA0, 0xA5, 0xAA, 0xAF, 0])
        let three = Self.blocks(columns: 2, bits: 3)
        #expect(three.count == 13)
        let first = [0, 1, 2, 3].map { UInt8($0 + 8 * ($0 + 4)) }
        #expect(three[0..<4].map { $0 & 63 } == first)
        #expect(three[4..<8].map { $0 & 63 } == [36, 36, 36, 36])
        #expect(three[12] == 0b100_000)
        let words = [0, 4, 8].map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(three[place + $1]) << UInt32(8 * $1) }
        }
        let fourth = (words[0] >> 6) &+ (words[1] >> 4) &+ (words[2] >> 2)
        #expect(fourth & 0x3F3F_3F3F == 0x2424_2424)
    }
}
