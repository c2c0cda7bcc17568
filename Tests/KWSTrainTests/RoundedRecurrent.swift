// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSTrain

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A network of one recurrent layer that rounds, in doubles, as `RoundedPerceptron` is: what rounding
/// adds, in steps, and which levels clipped numbers have are frozen where they were at first.
final class RoundedRecurrent {
    /// What a number became: in range, or at a level.
    private enum Fate {
        case inRange(added: Double)
        case clipped(level: Double)
    }

    private let operation: FloatOperator
    private let slices: [ParameterSlice]
    private let bits: Int
    /// Of the output; nil where the projection dictates it.
    private let heldStep: Double?
    var parameters: [Double]
    private var fates: [Fate] = []
    private var units: [Double] = []
    private var isFrozen = false
    private var (next, nextUnit) = (0, 0)

    init(_ network: TrainableNetwork, _ operation: FloatOperator, bits: Int) {
        self.operation = operation
        self.bits = bits
        slices = network.parameters.slices
        parameters = network.parameters.values.map(Double.init)
        let step = network.learnedQuantisation?.layers[0].output.scale ?? 0
        let size = slices.first { $0.role == .outputSize }?.range.lowerBound ?? 0
        heldStep = step > 1.001 * exp2(parameters[size]) / 255 ? step : nil
    }

    private func slice(_ role: ParameterSlice.Role) -> Range<Int>? {
        slices.first { $0.role == role }?.range
    }

    private func round(_ x: Double, step: Double, low: Double, high: Double) -> Double {
        if !isFrozen {
            let level = x / step
            let rounded = min(high, max(low, level.rounded()))
            fates.append(
                level < low || level > high
                    ? .clipped(level: rounded) : .inRange(added: rounded - level))
        }
        defer { next += 1 }
        switch fates[next] {
        case .inRange(let added): return x + added * step
        case .clipped(let level): return level * step
        }
    }

    /// The outputs of a batch. The first call freezes what rounding does.
    func callAsFunction(_ batch: [[Double]]) -> [[Double]] {
        (next, nextUnit) = (0, 0)
        defer { isFrozen = true }
        let span = Double(1 << (bits - 1))
        var row = slice(.weightSize)?.lowerBound ?? 0
        var numbers: [ParameterSlice.Role: [Double]] = [:]
        for role in [ParameterSlice.Role.weights, .recurrentWeights, .projection] {
            guard let slice = slices.first(where: { $0.role == role }) else { continue }
            let columns = slice.shape.last ?? 1
            numbers[role] = []
            for (i, place) in slice.range.enumerated() {
                numbers[role]?.append(
                    round(
                        parameters[place], step: exp2(parameters[row + i / columns]) / (span - 1),
                        low: bits < 8 ? -span : 1 - span, high: span - 1))
            }
            row += slice.range.count / columns
        }
        for role in [ParameterSlice.Role.bias, .recurrentBias, .peepholes] {
            numbers[role] = slice(role).map { Array(parameters[$0]) }
        }
        let zero = (parameters[slice(.outputBelow)?.lowerBound ?? 0] * 255).rounded()
        let step = heldStep ?? exp2(parameters[slice(.outputSize)?.lowerBound ?? 0]) / 255
        var layer = DoubleRecurrent(
            form: operation.recurrence ?? Recurrence(inputs: 0, units: 0),
            parameter: { numbers[$0] })
        layer.put = { self.round($0, step: step, low: -zero, high: 255 - zero) }
        layer.putUnit = { x in
            if !self.isFrozen { self.units.append((x * 127.5).rounded() / 127.5 - x) }
            defer { self.nextUnit += 1 }
            return x + self.units[self.nextUnit]
        }
        if let range = slice(.cellRange) { layer.limit = exp2(parameters[range.lowerBound]) }
        return batch.map { x in
            switch operation {
            case .lstm(let lstm): layer.lstm(x, outputs: lstm.outputs)
            case .gru(let gru):
                layer.gru(x, resetsAfter: gru.resetsAfter, candidate: gru.candidate)
            default: []
            }
        }
    }
}
