// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    /// Everything that can be imported, operators of shape arithmetic included.
    static let operators = [
        "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant",
        "ConstantOfShape", "Conv", "Div", "Dropout", "Flatten", "Gather", "Gemm",
        "GlobalAveragePool", "GlobalMaxPool", "GRU", "Identity", "LSTM", "MatMul", "Max", "MaxPool",
        "Min", "Mul",
        "Neg", "Pad", "ReduceMax", "ReduceMean", "Relu", "Reshape", "Shape", "Slice", "Softmax",
        "Squeeze", "Sub", "Transpose", "Unsqueeze",
    ]

    /// Converts the current node, of which at least one input depends on the network's input.
    mutating func activation() throws(ModelFileError) -> ONNXActivation {
        switch node.operation {
        case "Conv": return try convolution()
        case "Gemm", "MatMul": return try product()
        case "BatchNormalization": return try batchNorm()
        case "Relu": return try clip(lower: 0, upper: .infinity)
        case "Clip":
            let lower = has(1) ? try scalar(1) : -.infinity
            let upper = has(2) ? try scalar(2) : .infinity
            return try clip(lower: lower, upper: upper)
        case "Max": return try bound { (lower: $0, upper: .infinity) }
        case "Min": return try bound { (lower: -.infinity, upper: $0) }
        case "Add", "Sub", "Mul", "Div", "Neg": return try arithmetic()
        case "Concat": return try concatenation()
        case "MaxPool", "AveragePool": return try pool()
        case "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax":
            return try reduction()
        case "Softmax": return try softmax()
        case "Gather", "Slice": return try selection()
        case "Pad": return try pad()
        case "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose": return try view()
        case "Identity", "Dropout", "Cast": return try padded()
        default:
            throw fail("\(node.operation) of an activation", "\(node.operation) of constants only")
        }
    }

    private func scalar(_ index: Int) throws(ModelFileError) -> Float {
        let constant = try constant(index)
        guard constant.numbers.count == 1, !constant.numbers[0].isNaN else {
            throw fail("\(constant.numbers.count) numbers for input \(index)", "one number")
        }
        return Float(constant.numbers[0])
    }

    private mutating func clip(
        lower: Float, upper: Float
    ) throws(ModelFileError) -> ONNXActivation {
        var x = try input()
        if lower == -.infinity, upper == .infinity { return x }
        x.id = try append(.clip(lower: lower, upper: upper), x.id)
        return x
    }

    /// `Max` or `Min` with one constant.
    private mutating func bound(
        _ bounds: (Float) -> (lower: Float, upper: Float)
    ) throws(ModelFileError) -> ONNXActivation {
        guard node.inputs.count == 2 else {
            throw fail("\(node.inputs.count) inputs", "an activation and a constant")
        }
        var index = 0
        if case .constant = try value(0) { index = 1 }
        var x = try input(index)
        let (lower, upper) = bounds(try scalar(1 - index))
        x.id = try append(.clip(lower: lower, upper: upper), x.id)
        return x
    }

    private mutating func batchNorm() throws(ModelFileError) -> ONNXActivation {
        let x = try input()
        guard x.dims.count >= 2, integer("training_mode", 0) == 0 else {
            throw fail("training mode or shape \(x.dims)", "inference on [1, channels, ...]")
        }
        let count = x.dims[1]
        var vectors: [[Float]] = []
        for index in 1...4 {
            let tensor = try weights(index)
            guard tensor.numbers.count == count else {
                throw fail(
                    .invalid, "\(tensor.numbers.count) numbers in '\(tensor.name)'", "\(count)")
            }
            vectors.append(tensor.numbers)
        }
        let epsilon = node.attributes["epsilon"]?.float ?? 1e-5
        guard epsilon.isFinite, vectors[3].allSatisfy({ $0 + epsilon > 0 }) else {
            throw fail(.invalid, "a variance plus epsilon that is not positive", "above 0")
        }
        var result = try channelsLast(x, axis: 1)
        result.id = try append(
            .batchNorm(
                BatchNorm(
                    gamma: vectors[0], beta: vectors[1], mean: vectors[2], variance: vectors[3],
                    epsilon: epsilon)), result.id)
        return result
    }

    private mutating func concatenation() throws(ModelFileError) -> ONNXActivation {
        var parts: [ONNXActivation] = []
        for index in node.inputs.indices { parts.append(try input(index)) }
        guard let first = parts.first else { throw fail(.invalid, "no inputs", "one or more") }
        let axis = try axis(integer("axis", 0), rank: first.dims.count)
        var dims = first.dims
        dims[axis] = 0
        for part in parts {
            var rest = part.dims
            guard rest.count == dims.count else {
                throw fail(.invalid, "shapes \(parts.map(\.dims))", "equal ranks")
            }
            dims[axis] += rest[axis]
            rest[axis] = dims[axis]
            guard rest == dims else {
                throw fail(
                    .invalid, "shapes \(parts.map(\.dims))", "shapes equal but for axis \(axis)")
            }
        }
        // The order of the part with the most axes; those along the axis itself may be 1.
        let order = parts.max { $0.memory.count < $1.memory.count }?.order ?? first.order
        let position = order.firstIndex(of: axis) ?? 0
        let rows = order[..<position].map { dims[$0] }.reduce(1, *)
        let columns = order[(position + 1)...].map { dims[$0] }.reduce(1, *)
        var ids: [ValueID] = []
        for part in parts { ids.append(try arranged(part, order: order).id) }
        let shapes = ids.map { builder.shape(of: $0) }
        let (height, width, _) = shapes[0].image
        // Channels last: keep the image if all parts have the same one.
        let areImages = zip(shapes, parts).allSatisfy { shape, part in
            columns == 1 && shape == [height, width, part.dims[axis]]
        }
        for (i, part) in parts.enumerated() where !areImages {
            let extent = part.dims[axis]
            ids[i] = try shaped(
                ids[i], columns == 1 ? [rows, 1, extent] : [rows, extent, columns])
        }
        let id = try builder.append(
            .concatenate(axis: columns == 1 ? 2 : 1), name: node.name, inputs: ids)
        return ONNXActivation(id: id, dims: dims, order: order)
    }

    private mutating func softmax() throws(ModelFileError) -> ONNXActivation {
        var x = try input()
        let axis = try axis(integer("axis", -1), rank: x.dims.count)
        guard x.dims.indices.allSatisfy({ $0 == axis || x.dims[$0] == 1 }) else {
            throw fail("axis \(axis) of shape \(x.dims)", "the only axis above 1")
        }
        x.id = try append(.softmax, x.id)
        return x
    }

    private mutating func pad() throws(ModelFileError) -> ONNXActivation {
        var x = try input()
        let rank = x.dims.count
        let mode = node.attributes["mode"]?.text ?? "constant"
        let zero = has(2) ? try scalar(2) : 0
        let axes = has(3) ? try constant(3).integers : Array(0..<rank)
        let given = try constant(1).integers
        guard mode == "constant", zero == 0, given.count == axes.count * 2,
            given.allSatisfy({ (0...ModelFileLimits.windowExtent).contains($0) })
        else {
            throw fail("mode \(mode), value \(zero), pads \(given)", "zeros, no negative pads")
        }
        var pads = Array(repeating: (before: 0, after: 0), count: rank)
        for (i, a) in axes.enumerated() {
            pads[try axis(a, rank: rank)] = (given[i], given[i + axes.count])
        }
        if pads.contains(where: { $0 != (0, 0) }) { x.pads = pads }
        return x
    }

    private mutating func view() throws(ModelFileError) -> ONNXActivation {
        var x = try input()
        let rank = x.dims.count
        switch node.operation {
        case "Flatten":
            let axis = integer("axis", 1)
            let split = axis < 0 ? axis + rank : axis
            guard (0...rank).contains(split) else {
                throw fail(.invalid, "axis \(axis)", "-\(rank) to \(rank)")
            }
            return try reshaped(
                x, [x.dims[..<split].reduce(1, *), x.dims[split...].reduce(1, *)])
        case "Reshape":
            return try reshaped(x, try targetShape(x.dims, try constant(1).integers))
        case "Squeeze":
            let axes =
                try axes(input: 1, rank: rank) ?? x.dims.indices.filter { x.dims[$0] == 1 }
            guard axes.allSatisfy({ x.dims[$0] == 1 }) else {
                throw fail(.invalid, "axes \(axes) of shape \(x.dims)", "axes of 1")
            }
            return try reshaped(
                x, x.dims.indices.filter { !axes.contains($0) }.map { x.dims[$0] })
        case "Unsqueeze":
            let count = has(1) ? try constant(1).numbers.count : integers("axes")?.count ?? 0
            guard count > 0, rank + count <= ModelFileLimits.rank else {
                throw fail("\(count) new axes", "1 to \(ModelFileLimits.rank - rank)")
            }
            let axes = try axes(input: 1, rank: rank + count) ?? []
            var dims = x.dims
            for axis in axes { dims.insert(1, at: axis) }
            return try reshaped(x, dims)
        default:
            let permutation = integers("perm") ?? Array((0..<rank).reversed())
            guard permutation.sorted() == Array(0..<rank) else {
                throw fail(.invalid, "permutation \(permutation)", "each axis of \(rank) once")
            }
            // Nothing moves: the axes get other numbers.
            x.order = x.order.map { old in permutation.firstIndex(of: old) ?? 0 }
            x.dims = permutation.map { x.dims[$0] }
            return x
        }
    }

    /// A reshape's target with its 0 (as before) and -1 (what is left) resolved.
    func targetShape(_ dims: [Int], _ target: [Int]) throws(ModelFileError) -> [Int] {
        var result: [Int] = []
        for (axis, extent) in target.enumerated() {
            let copied = extent == 0 && integer("allowzero", 0) == 0 && axis < dims.count
            result.append(copied ? dims[axis] : extent)
        }
        let total = ModelFileLimits.product(dims) ?? 0
        if let free = result.firstIndex(of: -1) {
            result[free] = 1
            guard let rest = ModelFileLimits.product(result), rest > 0, total % rest == 0 else {
                throw fail(.invalid, "a reshape of \(dims) to \(target)", "a divisible shape")
            }
            result[free] = total / rest
        }
        guard ModelFileLimits.product(result) == total else {
            throw fail(.invalid, "a reshape of \(dims) to \(target)", "as many numbers as before")
        }
        return result
    }
}
