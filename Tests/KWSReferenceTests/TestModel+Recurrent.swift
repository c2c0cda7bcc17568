// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSNumerics

/// LSTM and GRU as SPEC.md section 4.4 stores them in portable blocks.
extension TestModel.Layer {
    var gates: Int { kernel.isLSTM ? 4 : 3 }
    var units: Int { geometry[0] }
    var isBackward: Bool { geometry[1] & 1 != 0 }
    var isLast: Bool { geometry[1] & 2 != 0 }
    var isStateful: Bool { (kernel.isLSTM || kernel.isGRU) && geometry[1] & 16 != 0 }
    var hasPeepholes: Bool { kernel.isLSTM && geometry[1] & 4 != 0 }
    var isProjected: Bool { kernel.isLSTM && geometry[1] & 8 != 0 }
    var resetsAfter: Bool { kernel.isGRU && geometry[1] & 4 != 0 }
    var isClipped: Bool { kernel.isGRU && geometry[1] & 8 != 0 }

    /// The row of a gate's unit.
    func row(_ gate: Int, _ unit: Int) -> Int {
        guard kernel.isLSTM else { return gate * units + unit }
        let eight = unit - unit % 8
        return 4 * eight + gate * min(8, units - eight) + unit % 8
    }

    /// Matrices of 32 rows in the order in which a step uses them, each in whole words, or as gaps.
    ///
    /// - Parameters:
    ///   - inputs: columns of W.
    ///   - outputs: columns of V.
    func packedRows(inputs: Int, outputs: Int) -> [UInt8] {
        let rows = gates * units
        var bytes: [UInt8] = []
        func append(_ range: Range<Int>, _ columns: Int, behind start: Int) {
            let values = weights[
                (start + range.lowerBound * columns)..<(start + range.upperBound * columns)]
            bytes += kernel.isSparse ? gaps(values, columns: columns) : packed(values)
            while !kernel.isSparse, bytes.count % 4 != 0 { bytes.append(0) }
        }
        func append(_ gates: [Int], of length: Int) {
            for first in stride(from: 0, to: length, by: 32) {
                for gate in gates {
                    let start = gate * length
                    let range = start + first..<start + min(first + 32, length)
                    append(range, inputs, behind: 0)
                    append(range, outputs, behind: rows * inputs)
                }
            }
        }
        // Of a GRU 0 is z, 1 is r, 2 is n.
        if kernel.isLSTM {
            append([0], of: rows)
        } else {
            for gates in resetsAfter ? [[1, 2, 0]] : [[1], [2, 0]] { append(gates, of: units) }
        }
        if isProjected {
            for first in stride(from: 0, to: outputs, by: 32) {
                append(
                    first..<min(first + 32, outputs), units, behind: rows * (inputs + outputs))
            }
        }
        return bytes
    }

    /// Of a portable block.
    func recurrentScratch(inputs: Int, outputs: Int) -> Int {
        [132 + (kernel.isLSTM ? 256 : 384), 2 * units, inputs, outputs, units].reduce(0) {
            $0 + ($1 + 3) / 4 * 4
        }
    }

    /// Random flags, weights and tables for rows of so many inputs, in a state that leaves and fills
    /// its range now and then.
    ///
    /// - Returns: outputs of a step.
    mutating func fillRecurrent(_ inputs: Int, _ random: inout SplitMix64) -> Int {
        let extents = [1, 2, 3, 5, 7, 8, 9, 17, 33]
        func extent() -> Int { extents.randomElement(using: &random) ?? 1 }
        let units = extent()
        geometry[0] = units
        geometry[1] = Int.random(in: 0...15, using: &random)
        let outputs = isProjected ? extent() : units
        let columns = max(inputs + outputs, units)
        var most = 0
        while most < 6, columns << (weightBits + most + 1) <= 65535 << 8 { most += 1 }
        let lifts = (0..<2).map { _ in Int.random(in: 0...most, using: &random) }
        geometry[2] = Int.random(in: 0...(kernel.isLSTM ? 12 : 15), using: &random)
        if Bool.random(using: &random) { geometry[2] = Int.random(in: 0...3, using: &random) }
        geometry[3] = lifts[0] + 256 * lifts[1]
        if hasPeepholes { geometry[4] = Int.random(in: 10...18, using: &random) }
        if isClipped { geometry[4] = Int.random(in: 0...32767, using: &random) }
        let codes = Int.random(in: 19...22, using: &random)

        let limit = 1 << (weightBits - 1)
        let rows = gates * units
        weights = (0..<rows * (inputs + outputs) + (isProjected ? outputs * units : 0)).map { _ in
            Int.random(in: -limit..<limit, using: &random)
        }
        if kernel.isSparse {
            let kept = Double.random(in: 0...0.6, using: &random)
            for at in weights.indices where .random(in: 0...1, using: &random) > kept {
                weights[at] = 0
            }
        }
        func sum(_ columns: Int, lift: Int) -> Double {
            // As `fill` has it, times the deviation of a multiplier.
            Double(2 * limit) * 0.29 * 255 * 0.58 * Double(columns).squareRoot() / 65536 * 19000
                * exp2(Double(lift))
        }
        func log(_ value: Double) -> Int { max(0, Int(log2(max(1, value)).rounded())) }
        shift = min(16, log(sum(columns, lift: max(lifts[0], lifts[1])) / 8192))
        let count =
            1 + 2 * rows + (hasPeepholes ? 3 * units : 0) + (isProjected ? outputs : 0)
        multipliers = (0..<count).map { _ in Int16(truncatingIfNeeded: random.next()) }
        let down = isProjected ? log(sum(units, lift: lifts[1]) / 128) : 0
        geometry[5] = codes + 256 * down
        func number(_ range: Int) -> Int32 {
            Int32(Int.random(in: -range / 2...range, using: &random))
        }
        biases = [number(256 << codes)]
        biases += (0..<rows).map { _ in number(8192 << shift) }
        if isProjected { biases += (0..<outputs).map { _ in number(256 << down) } }
        if resetsAfter { biases += (0..<units).map { _ in number(8192 << shift) } }
        biases = biases.map { max(-(1 << 30) + 1, min((1 << 30) - 1, $0)) }
        return outputs
    }
}
