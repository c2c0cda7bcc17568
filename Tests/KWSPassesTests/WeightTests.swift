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
            let layer = QuantGraph.Layer(
                name: "fc",
                operation: .dense(
                    weights: values,
                    Requantisation(multipliers: [1], biases: [0], shift: 0)),
                inputs: [TensorID(0)], output: TensorID(1), weightBits: bits)
            let output = QuantGraph.Tensor(
                name: "y", shape: [1], quantisation: Quantisation(scale: 1, zeroPoint: 0),
                value: FloatGraph(name: "", inputShape: [1]).input)
            return KernelVariant.portable.packed(WeightMatrix(layer, output: output))
        }
        #expect(packed([1, -1, -128], bits: 8) == [1, 255, 128])
        // -8 is 0, 7 is 15, 0 is 8.
        #expect(packed([-8, 7, 0], bits: 4) == [0xF0, 0x08])
        // v = 7, 0, 4, 1: 111 000 (001)(00 100) and so on.
        #expect(packed([3, -4, 0, -3], bits: 3) == [0b0000_0111, 0b0000_0011])
        #expect(packed([-2, -1, 0, 1, 1], bits: 2) == [0b1110_0100, 0b11])
    }
}
