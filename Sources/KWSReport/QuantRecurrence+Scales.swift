// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension QuantRecurrence {
    /// The step of each row's weights, from the multipliers (SPEC.md section 4.4): rows of the gates
    /// over the input, over the output, then of a projection.
    ///
    /// - Parameters:
    ///   - x: of a byte of the input.
    ///   - y: of a byte of the output.
    func weightScales(from x: Double, to y: Double) -> [Double] {
        let multipliers = requantisation.multipliers.map { Double($0) }
        let rows = cell.gates * recurrence.units
        let parts = [(first: 1, scaling.inputLift, x), (first: 1 + rows, scaling.ownLift, y)]
        let gates = parts.flatMap { first, lift, scale in
            (0..<rows).map { row in
                let isState = isClipped && row >= 2 * recurrence.units
                let unit = isState ? exp2(Double(15 - scaling.stateRange)) : 4096
                let one = exp2(Double(16 + requantisation.shift - lift))
                return multipliers[first + row] / (one * unit * scale)
            }
        }
        guard isProjected else { return gates }
        let code = exp2(Double(scaling.codeShift - 15)) / multipliers[0]
        let one = exp2(Double(16 + scaling.projectionShift - scaling.ownLift))
        return gates + multipliers.suffix(outputs).map { $0 * y / (one * code) }
    }
}

extension FloatOperator {
    /// The weights of a recurrent operator by row, as those of its integer form, and how many other
    /// numbers there are; nil for others.
    var recurrentRows: (weights: [[Float]], others: Int)? {
        func rows(_ matrix: [Float], of length: Int) -> [[Float]] {
            stride(from: 0, to: matrix.count, by: length).map {
                Array(matrix[$0..<$0 + length])
            }
        }
        switch self {
        case .lstm(let lstm):
            let order = QuantRecurrence.rowOrder(.lstm, units: lstm.recurrence.units)
            let input = rows(lstm.weights, of: lstm.recurrence.inputs)
            let output = rows(lstm.recurrentWeights, of: lstm.outputs)
            let (gates, own) = (order.map { input[$0] }, order.map { output[$0] })
            let projection = lstm.projection.map { rows($0, of: lstm.recurrence.units) } ?? []
            return (gates + own + projection, lstm.bias.count + (lstm.peepholes?.count ?? 0))
        case .gru(let gru):
            return (
                rows(gru.weights, of: gru.recurrence.inputs)
                    + rows(gru.recurrentWeights, of: gru.recurrence.units),
                gru.bias.count + (gru.recurrentBias?.count ?? 0)
            )
        default: return nil
        }
    }
}
