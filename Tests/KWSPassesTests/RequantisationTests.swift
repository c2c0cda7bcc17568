// SPDX-License-Identifier: Apache-2.0
//
// Goal: the integers of a requantisation step stay in SPEC.md's ranges and follow the real line.
// Method: against real arithmetic on a sweep of accumulators. Bound: rounding m moves the result by
// |acc| / 2^(17+n) steps, b's rounding by 2^-(n+1), the two floors lie within one step around their
// centre, so |q - real| <= 1/2 + 2^-n + |acc| / 2^(17+n).

import Foundation
import KWSGraph
import KWSPasses
import Testing

struct RequantisationTests {
    @Test(arguments: [1e-7, 3.3e-5, 0.00091, 0.004, 0.0156, 0.13, 0.49])
    func followsTheRealLine(factor: Double) throws {
        for offset in [-128.0, -3.25, 0, 17.5, 218] {
            let step = try Requantisation(
                factors: [factor], offsets: { _ in [offset] }, node: "test")
            let (m, b, n) = (Int(step.multipliers[0]), Int(step.biases[0]), step.shift)
            #expect(abs(b) < 1 << 30 && (0...30).contains(n))
            let reach = Int(min(127 / factor, 8e6)) + 1
            for acc in stride(from: -reach, through: reach, by: max(1, reach / 500)) {
                let q = (((acc * m) >> 16) + b) >> n
                let real = Double(acc) * factor + offset
                let bound = 0.5 + pow(2, -Double(n)) + Double(abs(acc)) / pow(2, Double(17 + n))
                #expect(abs(Double(q) - real) <= bound, "acc \(acc), factor \(factor)")
            }
        }
    }

    @Test func aFactorBeyondSixteenBitsIsRefused() {
        let error = #expect(throws: GraphError.self) {
            try Requantisation(factors: [40000], offsets: { _ in [0] }, node: "conv7")
        }
        #expect(error?.node == "conv7")
    }

    @Test func theSameQuantisationIsACopy() throws {
        let q = Quantisation(scale: 0.1, zeroPoint: 3)
        let step = try Requantisation.rescaling(from: [q], to: q, node: "copy")
        #expect(step == Requantisation(multipliers: [1], biases: [0], shift: 0))
    }
}

/// Goal: layers whose accumulators have few counts still compile, with the right numbers.
/// Method: the integer step of an average pool of two is worked out by hand.
struct WideningTests {
    @Test func anAveragePoolOfTwoKeepsItsMeaning() throws {
        var graph = FloatGraph(name: "pool", inputShape: [2, 1, 1])
        try graph.append(
            .averagePool(Window(kernel: (2, 1))), name: "pool", inputs: [graph.input])
        // The mean stays within half of what its inputs reach: one count would be a whole step.
        let quantised = try Quantise(
            calibration: Calibration(ranges: [(0, 1), (0, 0.5)]),
            input: InputQuantisation(Quantisation(lower: 0, upper: 1), hasFinePlane: false))(graph)
        let step = try #require(quantised.layers[0].operation.requantisation)
        let y = quantised.output.quantisation
        for a in stride(from: 0, through: 255, by: 5) {
            for b in stride(from: 0, through: 255, by: 7) {
                let q =
                    ((((a + b) * Int(step.multipliers[0])) >> 16) + Int(step.biases[0]))
                    >> step.shift
                let real = (Double(a) + Double(b)) / 2 / 255
                #expect(abs(y.real(UInt8(min(255, max(0, q)))) - real) <= y.scale)
            }
        }
    }
}
