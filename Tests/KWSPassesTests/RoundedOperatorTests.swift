// SPDX-License-Identifier: Apache-2.0
//
// Goal: an operator with rounded weights has, on the average, the sums that it had, each in the place
// where it is read. Method: with 2 bits, mean of the inputs times weights, plus the bias, before and
// after; the moments are those that RecurrentMomentsTests checks.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct RoundedOperatorTests {
    private typealias Layers = RecurrentMomentsTests

    /// `matrix mean + bias`, a row each.
    private func sums(
        _ matrix: [Float], _ mean: ArraySlice<Double>, _ bias: [Float]
    ) -> [Double] {
        let columns = matrix.count / bias.count
        return bias.indices.map { row in
            zip(matrix[row * columns..<(row + 1) * columns], mean)
                .reduce(Double(bias[row])) { $0 + Double($1.0) * $1.1 }
        }
    }

    private func expectEqual(_ a: [Double], _ b: [Double]) {
        // Of 10 products of floats each.
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    private func rounded(_ graph: FloatGraph) -> FloatOperator {
        Quantise.rounded(
            graph.nodes[0], bits: 2, moments: Quantise.Moments(graph, inputs: Layers.samples))
    }

    private func mean(_ moments: InputMoments?) throws -> [Double] {
        try #require(moments).mean(of: 0, outputs: 1)
    }

    @Test(arguments: [false, true])
    func meansOfGatesStay(isProjected: Bool) throws {
        let lstm = Layers.lstm(isBackward: false, isProjected: isProjected)
        let graph = try Layers.graph(.lstm(lstm))
        guard case .lstm(let new) = rounded(graph) else { throw OperatorError.isAnother }
        #expect(new.weights != lstm.weights && new.projection?.count == lstm.projection?.count)
        let moments = RecurrentMoments.of(graph, inputs: Layers.samples)
        let mean = try mean(moments[graph.nodes[0].output.index]?.gates)
        func gates(_ cell: LSTM) -> [Double] {
            zip(
                sums(cell.weights, mean[..<Layers.inputs], cell.bias),
                sums(
                    cell.recurrentWeights, mean[Layers.inputs...],
                    cell.bias.map { _ in 0 })
            ).map { $0 + $1 }
        }
        expectEqual(gates(lstm), gates(new))
    }

    @Test(arguments: [false, true])
    func meansOfCandidatesStay(resetsAfter: Bool) throws {
        var gru = Layers.gru(isBackward: false, resetsAfter: resetsAfter, reset: 0)
        let units = Layers.units
        if resetsAfter { gru.recurrentBias = (0..<units).map { Float($0) - 1.5 } }
        let graph = try Layers.graph(.gru(gru))
        guard case .gru(let new) = rounded(graph) else { throw OperatorError.isAnother }
        #expect(new.weights != gru.weights)
        let moments = RecurrentMoments.of(graph, inputs: Layers.samples)[
            graph.nodes[0].output.index]
        let states = try mean(moments?.gates)
        let candidates = resetsAfter ? states : try mean(moments?.candidate)
        func input(_ cell: GRU) -> [Double] {
            sums(cell.weights, states[..<Layers.inputs], cell.bias)
        }
        func own(_ cell: GRU) -> [Double] {
            let none = [Float](repeating: 0, count: 2 * units)
            let columns = units * units
            return sums(
                Array(cell.recurrentWeights[..<(2 * columns)]), states[Layers.inputs...], none)
                + sums(
                    Array(cell.recurrentWeights[(2 * columns)...]), candidates[Layers.inputs...],
                    cell.recurrentBias ?? Array(none[..<units]))
        }
        func summed(_ cell: GRU) -> [Double] { zip(input(cell), own(cell)).map { $0 + $1 } }
        expectEqual(Array(summed(gru)[..<(2 * units)]), Array(summed(new)[..<(2 * units)]))
        if resetsAfter {
            // The reset gate stands between the two.
            expectEqual(Array(input(gru)[(2 * units)...]), Array(input(new)[(2 * units)...]))
            expectEqual(Array(own(gru)[(2 * units)...]), Array(own(new)[(2 * units)...]))
        } else {
            expectEqual(summed(gru), summed(new))
        }
    }

    private enum OperatorError: Error { case isAnother }
}
