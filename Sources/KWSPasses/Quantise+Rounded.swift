// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Quantise {
    /// What layers of a float network sum over, by which their weights are rounded.
    package struct Moments: Sendable {
        fileprivate let linear: [Int: InputMoments]
        fileprivate let recurrent: [Int: RecurrentMoments]

        package init(_ graph: FloatGraph, inputs: [[Float]]) {
            linear = InputMoments.of(graph, inputs: inputs)
            recurrent = RecurrentMoments.of(graph, inputs: inputs)
        }
    }

    /// A node's operator with its weights rounded as lowering would, and its biases made up for that.
    package static func rounded(
        _ node: FloatGraph.Node, bits: Int, moments: Moments
    ) -> FloatOperator {
        let recurrent = moments.recurrent[node.output.index]
        func rounded(_ weights: [Float], _ rows: Int) -> RoundedWeights {
            Lowering.quantise(
                weights, rows: rows, bits: bits, moments: moments.linear[node.output.index])
        }
        switch node.operation {
        case .convolution(let window, let weights, let bias):
            let new = rounded(weights, bias.count)
            return .convolution(window, weights: new.real, bias: new.shifted(bias))
        case .dense(let weights, let bias):
            let new = rounded(weights, bias.count)
            return .dense(weights: new.real, bias: new.shifted(bias))
        case .depthwise(let window, let weights, let bias):
            let new = rounded(
                Lowering.channelsFirst(weights, channels: bias.count), bias.count)
            return .depthwise(
                window, weights: Lowering.channelsFirst(new.real, channels: window.taps),
                bias: new.shifted(bias))
        case .lstm(var lstm):
            let (input, own) = Lowering.quantise(
                lstm.weights, lstm.recurrentWeights, rows: lstm.bias.count, candidates: 0,
                resetsAfter: false, bits: bits, moments: recurrent)
            (lstm.weights, lstm.recurrentWeights) = (input.real, own.real)
            lstm.bias = own.shifted(input.shifted(lstm.bias))
            lstm.projection = lstm.projection.map {
                // It has no bias to take what rounding shifts.
                Lowering.quantise(
                    $0, rows: lstm.outputs, bits: bits, moments: recurrent?.projection
                ).real
            }
            return .lstm(lstm)
        case .gru(var gru):
            let units = gru.recurrence.units
            var (input, own) = Lowering.quantise(
                gru.weights, gru.recurrentWeights, rows: gru.bias.count, candidates: units,
                resetsAfter: gru.resetsAfter, bits: bits, moments: recurrent)
            (gru.weights, gru.recurrentWeights) = (input.real, own.real)
            if gru.resetsAfter {
                let before = gru.recurrentBias ?? Array(repeating: 0, count: units)
                gru.recurrentBias = zip(before, own.shifts.suffix(units)).map { $0 + Float($1) }
                own.shifts.replaceSubrange(
                    2 * units..<3 * units, with: Array(repeating: 0, count: units))
            }
            gru.bias = own.shifted(input.shifted(gru.bias))
            return .gru(gru)
        default: return node.operation
        }
    }
}

extension RoundedWeights {
    /// The weights that the integers stand for.
    fileprivate var real: [Float] {
        let each = weights.count / scales.count
        return weights.indices.map { Float(Double(weights[$0]) * scales[$0 / each]) }
    }

    /// A bias a row with what rounding took from the sums.
    fileprivate func shifted(_ bias: [Float]) -> [Float] {
        zip(bias, shifts).map { $0 + Float($1) }
    }
}
