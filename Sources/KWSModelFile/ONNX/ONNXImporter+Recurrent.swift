// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    /// `LSTM` or `GRU`, batch 1: a node a direction and a concatenation; its sequence `Y`, its last
    /// states `Y_h`, or both, as far as somebody reads them.
    mutating func recurrent() throws(ModelFileError) {
        let x = try arranged(try input(), order: [0, 1, 2])
        guard x.dims.count == 3, x.dims[1] == 1, integer("layout", 0) == 0 else {
            throw fail(
                "an input of shape \(x.dims), layout \(integer("layout", 0))",
                "[time, 1, features], layout 0")
        }
        try checkStates()
        let (steps, inputs) = (x.dims[0], x.dims[2])
        var rows = x.id
        let shape = builder.shape(of: x.id)
        if shape.rank != 3 || shape.extents[0] != steps {
            rows = try shaped(x.id, [steps, 1, inputs])
        }
        let tensors = try tensors(inputs: inputs)
        for (slot, output) in node.outputs.enumerated() where read.contains(output) {
            guard slot < 2 else { throw fail("output Y_c", "Y and Y_h") }
            var ids: [ValueID] = []
            for direction in 0..<tensors.directions {
                let form = Recurrence(
                    inputs: inputs, units: tensors.units,
                    isBackward: tensors.isReverse || direction == 1, returnsSequence: slot == 0)
                let operation: FloatOperator =
                    node.operation == "LSTM"
                    ? .lstm(try lstm(form, tensors, direction))
                    : .gru(try gru(form, tensors, direction))
                ids.append(try append(operation, rows))
            }
            let isPair = tensors.directions == 2
            let id =
                isPair
                ? try builder.append(
                    .concatenate(axis: slot == 0 ? 2 : 0), name: node.name, inputs: ids) : ids[0]
            let dims = (slot == 0 ? [steps] : []) + [tensors.directions, 1, tensors.units]
            var y = ONNXActivation(id: id, dims: dims, order: Array(dims.indices))
            y.projection = tensors.projection.map { transposed($0, [1, 0]).numbers }
            try define(output, .activation(y))
        }
    }

    /// The weights of all directions.
    private struct Tensors {
        var directions: Int
        var isReverse: Bool
        var units: Int
        /// `[direction, gates units, inputs]`, `[direction, gates units, outputs]`.
        var weights: WeightTensor
        var recurrent: WeightTensor
        /// `[direction, 2 gates units]`.
        var bias: [Float]
        /// `[direction, 3 units]`.
        var peepholes: [Float]?
        /// `[outputs, units]`, where the file has the recurrent weights times this.
        var projection: ONNXConstant?
    }

    private func tensors(inputs: Int) throws(ModelFileError) -> Tensors {
        let isLSTM = node.operation == "LSTM"
        let gates = isLSTM ? LSTM.gates : GRU.gates
        let direction = node.attributes["direction"]?.text ?? "forward"
        guard ["forward", "reverse", "bidirectional"].contains(direction) else {
            throw fail(.invalid, "direction \(direction)", "forward, reverse, bidirectional")
        }
        let directions = direction == "bidirectional" ? 2 : 1
        let product = try constant(2)
        let units = product.shape.last ?? 0
        let factors = directions == 1 && isLSTM ? product.factors : []
        let projection = factors.count == 2 ? factors[1] : nil
        var recurrent = try weights(2)
        if projection != nil {
            recurrent = try WeightTensor(
                name: factors[0].name, shape: factors[0].shape, numbers: factors[0].numbers,
                file: file)
        }
        let weights = try weights(1)
        guard units > 0, integer("hidden_size", units) == units,
            weights.shape == [directions, gates * units, inputs],
            recurrent.shape == [directions, gates * units, projection?.shape[0] ?? units]
        else {
            throw fail(
                .invalid,
                "W of \(weights.shape), R of \(product.shape), hidden_size "
                    + "\(integer("hidden_size", units)) on \(inputs) features",
                "[\(directions), \(gates) units, \(inputs)], [\(directions), \(gates) units, units]"
            )
        }
        func vectors(_ input: Int, _ count: Int) throws(ModelFileError) -> [Float]? {
            guard has(input) else { return nil }
            let tensor = try self.weights(input)
            guard tensor.shape == [directions, count] else {
                throw fail(
                    .invalid, "'\(tensor.name)' of \(tensor.shape)", "[\(directions), \(count)]")
            }
            return tensor.numbers
        }
        let bias = try vectors(3, 2 * gates * units)
        return Tensors(
            directions: directions, isReverse: direction == "reverse", units: units,
            weights: weights, recurrent: recurrent,
            bias: bias ?? Array(repeating: 0, count: directions * 2 * gates * units),
            peepholes: isLSTM ? try vectors(7, 3 * units) : nil, projection: projection)
    }

    /// Refuses what has no form here: states other than 0 to begin with, sequences of other length,
    /// other attributes.
    private func checkStates() throws(ModelFileError) {
        guard !has(4) else { throw fail("sequence_lens", "sequences of the input's length") }
        let states = node.operation == "LSTM" ? [5, 6] : [5]
        for input in states where has(input) {
            guard case .constant(let state) = try value(input),
                state.numbers.allSatisfy({ $0 == 0 })
            else { throw fail("an initial state that is not 0", "states that start at 0") }
        }
        guard integer("input_forget", 0) == 0 else { throw fail("input_forget 1", "0") }
    }

    private func lstm(
        _ form: Recurrence, _ tensors: Tensors, _ direction: Int
    ) throws(ModelFileError) -> LSTM {
        let functions = node.attributes["activations"]?.texts.map { $0.lowercased() } ?? []
        let plain = Array(repeating: ["sigmoid", "tanh", "tanh"], count: tensors.directions)
        guard functions.isEmpty || functions == plain.flatMap({ $0 }),
            node.attributes["clip"] == nil
        else {
            throw fail("activations \(functions) or a clip", "Sigmoid, Tanh, Tanh without clip")
        }
        let width = LSTM.gates * form.units
        // ONNX has i, o, f, c, and peep-holes i, o, f.
        let order = [0, 2, 3, 1]
        let both = part(tensors.bias, direction, of: tensors.directions)
        return LSTM(
            form,
            weights: blocks(
                part(tensors.weights.numbers, direction, of: tensors.directions), order),
            recurrentWeights: blocks(
                part(tensors.recurrent.numbers, direction, of: tensors.directions), order),
            bias: blocks((0..<width).map { both[$0] + both[width + $0] }, order),
            peepholes: tensors.peepholes.map {
                blocks(part($0, direction, of: tensors.directions), [0, 2, 1])
            },
            projection: try tensors.projection.map { projection throws(ModelFileError) in
                try WeightTensor(
                    name: projection.name, shape: projection.shape, numbers: projection.numbers,
                    file: file
                ).numbers
            })
    }

    private func gru(
        _ form: Recurrence, _ tensors: Tensors, _ direction: Int
    ) throws(ModelFileError) -> GRU {
        let functions = node.attributes["activations"]?.texts.map { $0.lowercased() } ?? []
        let clip = node.attributes["clip"].map { $0.float ?? 0 }
        func all(_ names: [String]) -> [String] {
            Array(repeating: names, count: tensors.directions).flatMap { $0 }
        }
        let candidate: GRU.Candidate
        if functions.isEmpty || functions == all(["sigmoid", "tanh"]), clip == nil {
            candidate = .tanh
        } else if functions == all(["sigmoid", "relu"]), clip == GRU.Candidate.ceiling {
            // The sums of the gates are clipped to -20...20 too, which moves a gate by 2.1e-9.
            candidate = .clippedReLU
        } else {
            throw fail(
                "activations \(functions), clip \(clip.map { "\($0)" } ?? "none")",
                "Sigmoid and Tanh without clip, or Sigmoid and Relu with clip "
                    + "\(GRU.Candidate.ceiling)")
        }
        let (units, width) = (form.units, GRU.gates * form.units)
        let both = part(tensors.bias, direction, of: tensors.directions)
        let resetsAfter = integer("linear_before_reset", 0) != 0
        var bias = Array(both[..<width])
        for i in 0..<(resetsAfter ? 2 * units : width) { bias[i] += both[width + i] }
        let last = Array(both[(width + 2 * units)...])
        return GRU(
            form, weights: part(tensors.weights.numbers, direction, of: tensors.directions),
            recurrentWeights: part(tensors.recurrent.numbers, direction, of: tensors.directions),
            bias: bias, resetsAfter: resetsAfter,
            recurrentBias: resetsAfter && last.contains { $0 != 0 } ? last : nil,
            candidate: candidate)
    }

    private func part(_ numbers: [Float], _ index: Int, of count: Int) -> [Float] {
        let length = numbers.count / count
        return Array(numbers[index * length..<(index + 1) * length])
    }

    /// Blocks of equal length in another order.
    private func blocks(_ numbers: [Float], _ order: [Int]) -> [Float] {
        order.flatMap { part(numbers, $0, of: order.count) }
    }

    /// `MatMul` behind an LSTM whose recurrent weights are a product by P: the P that the LSTM has
    /// as its projection already.
    func projected() throws(ModelFileError) -> ONNXActivation? {
        guard case .activation(var x) = try value(0), let projection = x.projection else {
            return nil
        }
        let matrix = try constant(1)
        guard matrix.numbers == projection, matrix.shape.first == x.dims.last else {
            return nil
        }
        x.dims[x.dims.count - 1] = matrix.shape[1]
        x.projection = nil
        return x
    }
}
