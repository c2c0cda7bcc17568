// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension TFLiteImporter {
    static let operators = [
        "ADD", "AVERAGE_POOL_2D", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "DEQUANTIZE",
        "DIV", "EXPAND_DIMS", "FULLY_CONNECTED", "MAX_POOL_2D", "MEAN", "MUL", "PACK", "PAD",
        "QUANTIZE", "REDUCE_MAX", "RELU", "RELU6", "RELU_N1_TO_1", "RESHAPE", "SHAPE", "SOFTMAX",
        "SQUEEZE", "STRIDED_SLICE", "SUB", "TRANSPOSE", "UNIDIRECTIONAL_SEQUENCE_LSTM",
    ]

    /// Converts the current operator.
    mutating func output() throws(ModelFileError) -> Value {
        switch node.name {
        case "SHAPE":
            _ = try padded()
            return .shape
        case "STRIDED_SLICE":
            if case .activation = try value(0) { return .activation(try slice()) }
            return .shape
        case "PACK":
            for index in node.inputs.indices {
                if case .activation = try value(index) {
                    throw fail("PACK of an activation", "PACK of a shape")
                }
            }
            return .shape
        case "QUANTIZE", "DEQUANTIZE":
            return try value(0)
        default:
            return .activation(try activation())
        }
    }

    private mutating func activation() throws(ModelFileError) -> Activation {
        switch node.name {
        case "CONV_2D": return try convolution()
        case "DEPTHWISE_CONV_2D": return try depthwise()
        case "FULLY_CONNECTED": return try fullyConnected()
        case "AVERAGE_POOL_2D", "MAX_POOL_2D": return try pool()
        case "MEAN", "REDUCE_MAX": return try reduction()
        case "ADD", "SUB", "MUL", "DIV": return try arithmetic()
        case "CONCATENATION": return try concatenation()
        case "RELU": return try clipped(try input(), code: 1)
        case "RELU_N1_TO_1": return try clipped(try input(), code: 2)
        case "RELU6": return try clipped(try input(), code: 3)
        case "SOFTMAX": return try softmax()
        case "PAD": return try pad()
        case "TRANSPOSE": return try transpose()
        case "UNIDIRECTIONAL_SEQUENCE_LSTM": return try sequenceLSTM()
        default: return try view()
        }
    }

    /// Appends a fused activation function.
    mutating func clipped(_ x: Activation, code: Int) throws(ModelFileError) -> Activation {
        let bounds: (Float, Float)
        switch code {
        case 0: return x
        case 1: bounds = (0, .infinity)
        case 2: bounds = (-1, 1)
        case 3: bounds = (0, 6)
        default: throw fail("fused activation \(code)", "NONE, RELU, RELU_N1_TO_1, RELU6")
        }
        var y = x
        y.id = try builder.append(
            .clip(lower: bounds.0, upper: bounds.1), name: "\(outputName)/activation", x.id)
        return y
    }

    mutating func append(
        _ operation: FloatOperator, _ inputs: ValueID...
    ) throws(ModelFileError) -> ValueID {
        try builder.append(operation, name: outputName, inputs: inputs)
    }

    /// The value under a shape of the same number of elements.
    mutating func shaped(_ id: ValueID, _ shape: Shape) throws(ModelFileError) -> ValueID {
        guard builder.shape(of: id) != shape else { return id }
        return try builder.append(.reshape(shape), name: "\(outputName)/reshape", id)
    }

    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws(ModelFileError) -> Int {
        guard axis >= -rank, axis < rank else {
            throw fail(.invalid, "axis \(axis)", "-\(rank) to \(rank - 1)")
        }
        return axis < 0 ? axis + rank : axis
    }

    private mutating func softmax() throws(ModelFileError) -> Activation {
        var x = try input()
        let beta = try node.options?.float(0, default: 0) ?? 1
        guard beta == 1, x.dims.dropLast().allSatisfy({ $0 == 1 }) else {
            throw fail("beta \(beta) on shape \(x.dims)", "beta 1 on a vector")
        }
        x.id = try append(.softmax, x.id)
        return x
    }

    private mutating func pad() throws(ModelFileError) -> Activation {
        var x = try input()
        let zeros = try integers(1)
        guard zeros.count == 2 * x.dims.count,
            zeros.allSatisfy({ (0...ModelFileLimits.windowExtent).contains($0) })
        else { throw fail(.invalid, "paddings \(zeros)", "two for each axis of \(x.dims)") }
        x.pads = x.dims.indices.map { (zeros[2 * $0], zeros[2 * $0 + 1]) }
        return x
    }

    /// RESHAPE, SQUEEZE and EXPAND_DIMS: the file states the result's shape.
    private mutating func view() throws(ModelFileError) -> Activation {
        var x = try input()
        var dims = model.tensors[node.outputs[0]].shape
        let count = ModelFileLimits.product(x.dims)
        if ModelFileLimits.product(dims) != count, let first = dims.first, first == -1 {
            dims[0] = 1
        }
        guard ModelFileLimits.product(dims) == count else {
            throw fail(.invalid, "shape \(dims) for \(x.dims)", "as many numbers as before")
        }
        x.dims = dims
        return x
    }

    private mutating func transpose() throws(ModelFileError) -> Activation {
        let x = try input()
        let permutation = try integers(1)
        guard permutation.sorted() == Array(x.dims.indices) else {
            throw fail(.invalid, "permutation \(permutation)", "each axis of \(x.dims) once")
        }
        return try transposed(x, permutation)
    }

    /// Axis `a` of the result is axis `permutation[a]` of `x`.
    mutating func transposed(
        _ x: Activation, _ permutation: [Int]
    ) throws(ModelFileError) -> Activation {
        var y = x
        y.dims = permutation.map { x.dims[$0] }
        let large = x.dims.indices.filter { x.dims[$0] > 1 }
        let moved = permutation.filter { x.dims[$0] > 1 }
        guard large != moved else { return y }
        guard large.count <= 3 else {
            throw fail("a transpose of shape \(x.dims)", "three axes above 1 at most")
        }
        let flat = try shaped(x.id, Shape(large.map { x.dims[$0] }))
        y.id = try builder.append(
            .transpose(moved.map { large.firstIndex(of: $0) ?? 0 }),
            name: "\(outputName)/transpose", flat)
        return y
    }

    private mutating func concatenation() throws(ModelFileError) -> Activation {
        var parts: [Activation] = []
        for index in node.inputs.indices { parts.append(try input(index)) }
        guard let first = parts.first else { throw fail(.invalid, "no input", "one or more") }
        let axis = try axis(
            try node.options?.integer(0, Int32.self) ?? 0, rank: first.dims.count)
        var dims = first.dims
        dims[axis] = 0
        for part in parts {
            guard part.dims.count == dims.count else {
                throw fail(.invalid, "shapes \(parts.map(\.dims))", "equal ranks")
            }
            dims[axis] += part.dims[axis]
            var rest = part.dims
            rest[axis] = dims[axis]
            guard rest == dims else {
                throw fail(.invalid, "shapes \(parts.map(\.dims))", "shapes equal but for the axis")
            }
        }
        let outer = dims[..<axis].reduce(1, *)
        let inner = dims[(axis + 1)...].reduce(1, *)
        let shapes = parts.map { builder.shape(of: $0.id) }
        let areImages =
            inner == 1 && shapes.allSatisfy { $0.rank == 3 }
            && parts.indices.allSatisfy {
                shapes[$0].extents[2] == parts[$0].dims[axis]
                    && shapes[$0].extents[0] == shapes[0].extents[0]
            }
        var ids: [ValueID] = []
        for part in parts {
            ids.append(
                try areImages ? part.id : shaped(part.id, [outer, part.dims[axis], inner]))
        }
        let id = try builder.append(
            .concatenate(axis: areImages ? 2 : 1), name: outputName, inputs: ids)
        return try clipped(
            Activation(id: id, dims: dims), code: try node.options?.integer(1, Int8.self) ?? 0)
    }
}
