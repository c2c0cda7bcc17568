// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A pre-activation of 1 in Q12.
private let one = 4096.0

extension Lowering {
    /// An LSTM in integers (SPEC.md section 4.4), and its output's tensor.
    mutating func lower(
        _ lstm: LSTM, _ node: FloatGraph.Node, _ x: Quantisation, _ output: ValueID
    ) throws(GraphError) -> (QuantRecurrence, TensorID) {
        // |cell| grows by less than 1 a step; what is put out without a projection stays below 1.
        let steps = Float(graph.shape(of: node.inputs[0]).image.height)
        var ranges = calibration.states[node.output.index] ?? bounds(output, cell: steps)
        if lstm.projection == nil, calibration.states[node.output.index] == nil {
            (ranges.lower, ranges.upper) = (-1, 1)
        }
        let grids = try quantiseLearned(node)
        let lstm = lstm.inStoredOrder
        var layer = QuantRecurrence(cell: .lstm, recurrence: lstm.recurrence, outputs: lstm.outputs)
        layer.hasPeepholes = lstm.peepholes != nil
        layer.isProjected = lstm.projection != nil
        let out = stateTensor(node, output, ranges)
        let bits = widths.weights(of: node.name)
        let projection = lstm.projection.map {
            grids?.projection
                ?? Lowering.quantise(
                    $0, rows: lstm.outputs, bits: bits,
                    moments: calibration.recurrentMoments[node.output.index]?.projection)
        }
        let units = Quantisation(lower: Double(-ranges.unit), upper: Double(ranges.unit))
        if let projection {
            let unit = projection.scales.reduce(0) { max($0, $1 * units.scale) }
            widen(out, toTake: unit)
        }
        let y = tensors[out.index].quantisation
        let gates =
            grids.map { RecurrentGates(input: $0.input, own: $0.own, bits: bits, x: x, h: y) }
            ?? gates(
                node, rows: lstm.bias.count, candidates: 0, resetsAfter: false, lstm.weights,
                lstm.recurrentWeights, x, y)
        let rows = lstm.bias.count
        let scaled = try gates.scale(
            unit: Array(repeating: one, count: rows), bias: lstm.bias.map { Double($0) },
            apart: nil,
            mostColumns: projection == nil ? 0 : lstm.recurrence.units, node: node.name)
        let range =
            learned?[node.name]?.cellRange
            ?? (0..<12).first { ranges.cell < Float(1 << $0) } ?? 12
        layer.scaling.stateRange = range
        layer.scaling.inputLift = scaled.inputLift
        layer.scaling.ownLift = scaled.ownLift
        let code = Requantisation.code(of: exp2(-15), as: projection == nil ? y : units)
        layer.scaling.codeShift = code.shift
        layer.weights = gates.input.weights + gates.own.weights + (projection?.weights ?? [])
        var multipliers = [code.m] + scaled.multipliers
        var biases = [code.b] + scaled.biases
        if let peepholes = lstm.peepholes {
            let (numbers, shift) = try Lowering.peepholes(peepholes, range: range, node: node.name)
            multipliers += numbers
            layer.scaling.peepholeShift = shift
        }
        if let projection {
            // The accumulator is lifted, and so a count of it is worth less.
            let unit = units.scale / y.scale / Double(1 << scaled.ownLift)
            let step = try Requantisation(
                factors: projection.scales.map { $0 * unit },
                offsets: { factors in
                    factors.indices.map {
                        Double(y.zeroPoint) + projection.shifts[$0] / y.scale
                            - factors[$0] * Double(1 << scaled.ownLift)
                            * Double(units.zeroPoint * projection.sums[$0])
                    }
                }, node: node.name)
            multipliers += step.multipliers
            biases += step.biases
            layer.scaling.projectionShift = step.shift
        }
        layer.requantisation = Requantisation(
            multipliers: multipliers, biases: biases, shift: scaled.shift)
        return (layer, out)
    }

    /// A GRU in integers (SPEC.md section 4.4), and its output's tensor.
    mutating func lower(
        _ gru: GRU, _ node: FloatGraph.Node, _ x: Quantisation, _ output: ValueID
    ) throws(GraphError) -> (QuantRecurrence, TensorID) {
        var ranges = calibration.states[node.output.index] ?? bounds(output, cell: 0)
        let units = gru.recurrence.units
        var layer = QuantRecurrence(cell: .gru, recurrence: gru.recurrence, outputs: units)
        layer.resetsAfter = gru.resetsAfter
        layer.isClipped = gru.candidate == .clippedReLU
        if layer.isClipped {
            ranges.upper = min(ranges.upper, GRU.Candidate.ceiling)
            // Candidates may be larger than any state: 2^5 is more than the ceiling.
            layer.scaling.stateRange = 5
        } else if calibration.states[node.output.index] == nil {
            (ranges.lower, ranges.upper) = (-1, 1)
        }
        let state = exp2(Double(layer.scaling.stateRange - 15))
        if layer.isClipped {
            layer.scaling.limit = Int(Double(GRU.Candidate.ceiling) / state)
        }
        let out = stateTensor(node, output, ranges)
        let y = tensors[out.index].quantisation
        let bits = widths.weights(of: node.name)
        let gates =
            try quantiseLearned(node).map {
                RecurrentGates(input: $0.input, own: $0.own, bits: bits, x: x, h: y)
            }
            ?? gates(
                node, rows: gru.bias.count, candidates: units, resetsAfter: gru.resetsAfter,
                gru.weights, gru.recurrentWeights, x, y)
        let candidate = 2 * units..<3 * units
        let none = Array(repeating: Double(0), count: units)
        let scaled = try gates.scale(
            unit: (0..<3 * units).map {
                layer.isClipped && candidate.contains($0) ? 1 / state : one
            },
            bias: gru.bias.map { Double($0) },
            apart: gru.resetsAfter
                ? (candidate, gru.recurrentBias.map { $0.map { Double($0) } } ?? none) : nil,
            mostColumns: 0, node: node.name)
        layer.scaling.inputLift = scaled.inputLift
        layer.scaling.ownLift = scaled.ownLift
        let code = Requantisation.code(of: state, as: y)
        layer.scaling.codeShift = code.shift
        layer.weights = gates.input.weights + gates.own.weights
        layer.requantisation = Requantisation(
            multipliers: [code.m] + scaled.multipliers, biases: [code.b] + scaled.biases,
            shift: scaled.shift)
        return (layer, out)
    }

    /// What the formulas say of a layer that was not calibrated.
    private func bounds(_ output: ValueID, cell: Float) -> RecurrentRanges {
        let range = learned == nil ? calibration.ranges[output.index] : (lower: 0, upper: 0)
        return RecurrentRanges(cell: cell, unit: 1, lower: range.lower, upper: range.upper)
    }

    /// The output's tensor, which is also the state that the next step reads: 8 bits.
    private mutating func stateTensor(
        _ node: FloatGraph.Node, _ output: ValueID, _ ranges: RecurrentRanges
    ) -> TensorID {
        newTensor(
            node, output,
            like: learned?[node.name]?.output
                ?? Quantisation(lower: Double(ranges.lower), upper: Double(ranges.upper)))
    }

    /// - Parameters:
    ///   - candidates: how many rows at the end are a GRU's candidates.
    ///   - resetsAfter: whether the reset gate stands between their two products.
    private func gates(
        _ node: FloatGraph.Node, rows: Int, candidates: Int, resetsAfter: Bool,
        _ weights: [Float], _ recurrentWeights: [Float], _ x: Quantisation, _ h: Quantisation
    ) -> RecurrentGates {
        let bits = widths.weights(of: node.name)
        let (input, own) = Lowering.quantise(
            weights, recurrentWeights, rows: rows, candidates: candidates, resetsAfter: resetsAfter,
            bits: bits, moments: calibration.recurrentMoments[node.output.index])
        return RecurrentGates(input: input, own: own, bits: bits, x: x, h: h)
    }

    /// The two matrices of a recurrent layer's gates, whose candidates are the last rows.
    static func quantise(
        _ weights: [Float], _ recurrentWeights: [Float], rows: Int, candidates: Int,
        resetsAfter: Bool, bits: Int, moments: RecurrentMoments?
    ) -> (input: RoundedWeights, own: RoundedWeights) {
        func quantised(
            _ part: Range<Int>, _ moments: InputMoments?, areApart: Bool
        ) -> (first: RoundedWeights, second: RoundedWeights) {
            func cut(_ matrix: [Float]) -> [Float] {
                let columns = matrix.count / rows
                return Array(matrix[part.lowerBound * columns..<part.upperBound * columns])
            }
            return Lowering.quantise(
                cut(weights), cut(recurrentWeights), rows: part.count, bits: bits,
                moments: moments, areApart: areApart)
        }
        var (input, own) = quantised(0..<rows - candidates, moments?.gates, areApart: false)
        if candidates > 0 {
            let others = quantised(
                rows - candidates..<rows, resetsAfter ? moments?.gates : moments?.candidate,
                areApart: resetsAfter)
            input.append(others.first)
            own.append(others.second)
        }
        return (input, own)
    }

    /// Peep-holes as int16, and the shift that takes their products with cells to Q12.
    private static func peepholes(
        _ peepholes: [Float], range: Int, node: String
    ) throws(GraphError) -> (numbers: [Int16], shift: Int) {
        let largest = peepholes.reduce(0) { max($0, abs(Double($1))) }
        // v = round(p 2^a), c = round(cell 2^(15-k)): v c 2^-(a + 3 - k) is in Q12.
        for shift in (1...30).reversed() {
            let scale = exp2(Double(shift - 3 + range))
            guard (largest * scale).rounded() <= 32767 else { continue }
            return (peepholes.map { Int16((Double($0) * scale).rounded()) }, shift)
        }
        throw GraphError(
            node: node, fact: "peep-holes up to \(largest); they do not fit 16 bits")
    }
}

extension LSTM {
    /// Its rows in the order in which they are stored.
    fileprivate var inStoredOrder: LSTM {
        let order = QuantRecurrence.rowOrder(.lstm, units: recurrence.units)
        func ordered(_ matrix: [Float]) -> [Float] {
            let columns = matrix.count / order.count
            return order.flatMap { matrix[$0 * columns..<($0 + 1) * columns] }
        }
        var result = self
        result.weights = ordered(weights)
        result.recurrentWeights = ordered(recurrentWeights)
        result.bias = ordered(bias)
        return result
    }
}
