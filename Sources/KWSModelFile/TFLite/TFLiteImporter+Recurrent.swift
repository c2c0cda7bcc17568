// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension TFLiteImporter {
    /// `UNIDIRECTIONAL_SEQUENCE_LSTM` on `[1, time, features]`, or `[time, 1, features]` if it says
    /// so; peep-holes and a projection without bias, no layer normalisation.
    mutating func sequenceLSTM() throws(ModelFileError) -> Activation {
        let x = try input()
        let isTimeMajor = try node.options?.bool(3) ?? false
        guard x.dims.count == 3, x.dims[isTimeMajor ? 1 : 0] == 1 else {
            throw fail("an input of shape \(x.dims)", "[1, time, features]")
        }
        let function = try node.options?.integer(0, Int8.self) ?? 0
        let clips = [
            try node.options?.float(1, default: 0) ?? 0,
            try node.options?.float(2, default: 0) ?? 0,
        ]
        guard function == 4, clips == [0, 0] else {
            throw fail("fused activation \(function), clips \(clips)", "TANH, no clips")
        }
        guard try !(node.options?.bool(5) ?? false), !(20..<24).contains(where: has) else {
            throw fail("layer normalisation or diagonal recurrent tensors", "neither")
        }
        guard has(1), has(5) else {
            throw fail("an LSTM without input gate", "input, forget, cell and output gate")
        }
        let features = x.dims[2]
        // i, f, g, o in the file as here.
        let weights = try matrices(1..<5, columns: features)
        let units = weights.rows
        let projection = has(16) ? try constant(16) : nil
        if let projection {
            guard projection.shape.count == 2, projection.shape[1] == units, !has(17) else {
                throw fail(
                    "a projection of shape \(projection.shape), or one with a bias",
                    "[outputs, \(units)] without bias")
            }
        }
        let outputs = projection?.shape[0] ?? units
        let recurrent = try matrices(5..<9, columns: outputs)
        guard recurrent.rows == units else {
            throw fail(.invalid, "recurrent weights of \(recurrent.rows) units", "\(units)")
        }
        let peepholes = (9..<12).contains(where: has) ? try vectors(9..<12, units) : nil
        let form = Recurrence(inputs: features, units: units)
        let steps = x.dims[isTimeMajor ? 0 : 1]
        let id = try append(
            .lstm(
                LSTM(
                    form, weights: weights.numbers, recurrentWeights: recurrent.numbers,
                    bias: try vectors(12..<16, units), peepholes: peepholes,
                    projection: projection?.numbers)),
            try shaped(x.id, [steps, 1, features]))
        var dims = x.dims
        dims[2] = outputs
        return Activation(id: id, dims: dims)
    }

    /// Matrices of one shape, one behind the other.
    private func matrices(
        _ inputs: Range<Int>, columns: Int
    ) throws(ModelFileError) -> (rows: Int, numbers: [Float]) {
        var numbers: [Float] = []
        let rows = try constant(inputs.lowerBound).shape.first ?? 0
        for input in inputs {
            let tensor = try constant(input)
            guard rows > 0, tensor.shape == [rows, columns] else {
                throw fail(
                    .invalid, "'\(tensor.name)' of shape \(tensor.shape)", "[\(rows), \(columns)]")
            }
            numbers += tensor.numbers
        }
        return (rows, numbers)
    }

    private func vectors(_ inputs: Range<Int>, _ count: Int) throws(ModelFileError) -> [Float] {
        var numbers: [Float] = []
        for input in inputs {
            let tensor = try constant(input)
            guard tensor.shape == [count] else {
                throw fail(.invalid, "'\(tensor.name)' of shape \(tensor.shape)", "[\(count)]")
            }
            numbers += tensor.numbers
        }
        return numbers
    }

    /// `STRIDED_SLICE` of an activation: one index along one axis, or all there is.
    mutating func slice() throws(ModelFileError) -> Activation {
        let x = try input()
        let (begin, end, strides) = (try integers(1), try integers(2), try integers(3))
        func mask(_ field: Int) throws(ModelFileError) -> Int {
            Int(try node.options?.integer(field, Int32.self) ?? 0)
        }
        let (begins, ends, shrinks) = (try mask(0), try mask(1), try mask(4))
        guard begin.count == x.dims.count, end.count == begin.count, strides.count == begin.count,
            try mask(2) == 0, try mask(3) == 0
        else {
            throw fail("a slice of \(begin.count) axes of \(x.dims), or with new axes", "each axis")
        }
        var y = x
        y.dims = []
        for axis in x.dims.indices {
            let extent = x.dims[axis]
            func bound(_ index: Int) -> Int {
                min(max(index < 0 ? index + extent : index, 0), extent)
            }
            let isOne = shrinks >> axis & 1 != 0
            let from = begins >> axis & 1 != 0 ? 0 : bound(begin[axis])
            let to = isOne ? from + 1 : ends >> axis & 1 != 0 ? extent : bound(end[axis])
            guard strides[axis] == 1, from < extent, to == from + 1 || (from, to) == (0, extent)
            else {
                throw fail(
                    "indices \(from)..<\(to) of \(extent), stride \(strides[axis])",
                    "one index or all")
            }
            if to - from < extent {
                // Axes before this one have what they keep already.
                y.id = try builder.selected(
                    y.id, from, of: extent, outer: y.dims.reduce(1, *),
                    inner: x.dims[(axis + 1)...].reduce(1, *), name: outputName)
            }
            if !isOne { y.dims.append(to - from) }
        }
        return y
    }
}
