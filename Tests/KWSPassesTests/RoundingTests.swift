// SPDX-License-Identifier: Apache-2.0
//
// Goal: where the inputs of a layer are known, rounding its weights changes the layer's sums less than
// rounding each weight by itself, and shifts their mean by nothing.
// Method: correlated inputs from a seed; the error of the sums over these inputs, computed from the
// weights that the lowering gives, with moments and without.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RoundingTests {
    static let taps = 24
    static let outputs = 16

    /// Inputs whose neighbours are alike, as spectra are, and positive, as behind a ReLU.
    static let inputs: [[Float]] = {
        var random = TestRandom(seed: 5)
        return (0..<400).map { _ in
            var last: Float = 0
            return (0..<taps).map { _ in
                last = 0.8 * last + Float(random.unit())
                return last
            }
        }
    }()

    static let graph: FloatGraph = {
        var random = TestRandom(seed: 6)
        var graph = FloatGraph(name: "net", inputShape: [taps])
        let weights = (0..<taps * outputs).map { _ in Float(random.unit()) - 0.5 }
        _ = try? graph.append(
            .dense(weights: weights, bias: Array(repeating: 0, count: outputs)), name: "fc",
            inputs: [graph.input])
        return graph
    }()

    /// What the integer weights change: of each output's mean, the most and how often what 16-bit
    /// multipliers and biases in steps of 2^-n explain (SPEC.md section 4); root mean square of all.
    static func errors(
        bits: Int, informed: Bool
    ) throws -> (mean: Double, explained: Double, square: Double) {
        var moments = try #require(InputMoments(graph.nodes[0], in: graph))
        for input in inputs { moments.add(input, set: 0) }
        let quantised = try Quantise(
            calibration: Calibration(
                ranges: [(-8, 8), (-64, 64)], moments: informed ? [1: moments] : [:]),
            input: .unit, widths: Widths(weights: bits))(graph)
        guard case .dense(let q, let step) = quantised.layers[0].operation,
            case .dense(let weights, _) = graph.nodes[0].operation
        else { return (.infinity, .infinity, .infinity) }
        let (x, y) = (quantised.input.quantisation, quantised.tensors[1].quantisation)
        let one = Double(1 << 16) * Double(1 << step.shift)
        var (means, explained, squares) = (0.0, 0.0, 0.0)
        for o in 0..<outputs {
            // The integers' sum in real numbers, before it is rounded to a step of the output.
            let scale = Double(step.multipliers[o]) / one * y.scale / x.scale
            let sum = (0..<taps).reduce(0) { $0 + Int(q[o * taps + $1]) }
            let rounding = step.shift == 0 ? 0 : 0.5
            let bias =
                (Double(step.biases[o]) / Double(1 << step.shift) - rounding
                    - Double(y.zeroPoint)) * y.scale
                + scale * x.scale * Double(x.zeroPoint * sum)
            let differences = inputs.map { input in
                (0..<taps).reduce(bias) {
                    $0 + (scale * Double(q[o * taps + $1]) - Double(weights[o * taps + $1]))
                        * Double(input[$1])
                }
            }
            let mean = differences.reduce(0, +) / Double(inputs.count)
            let counts = (0..<taps).reduce(0.0) { total, k in
                let average = inputs.reduce(0) { $0 + Double($1[k]) } / Double(inputs.count)
                return total + Double(q[o * taps + k]) * average / x.scale
            }
            let steps = (abs(counts) / Double(1 << 17) + 0.5) / Double(1 << step.shift)
            means = max(means, abs(mean))
            explained = max(explained, abs(mean) / (steps * y.scale))
            squares += differences.reduce(0) { $0 + $1 * $1 } / Double(inputs.count)
        }
        return (means, explained, (squares / Double(outputs)).squareRoot())
    }

    @Test(arguments: [8, 4, 3, 2]) func sumsChangeLess(bits: Int) throws {
        let plain = try Self.errors(bits: bits, informed: false)
        let informed = try Self.errors(bits: bits, informed: true)
        #expect(informed.square < 0.5 * plain.square)
        #expect(plain.mean > 0.01)
        #expect(informed.explained <= 1)
    }

    @Test func aLayerWithTooManyTapsHasNone() throws {
        var graph = FloatGraph(name: "net", inputShape: [InputMoments.mostTaps + 1])
        try graph.append(
            .dense(
                weights: Array(repeating: 1, count: InputMoments.mostTaps + 1), bias: [0]),
            name: "fc", inputs: [graph.input])
        #expect(InputMoments(graph.nodes[0], in: graph)?.taps == nil)
    }
}
