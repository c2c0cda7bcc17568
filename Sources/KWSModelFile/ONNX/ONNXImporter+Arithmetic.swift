// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    /// `Add`, `Sub`, `Mul`, `Div` with a constant, or the sum of two activations.
    mutating func arithmetic() throws(ModelFileError) -> ONNXActivation {
        if node.operation == "Neg" { return try affine(try input(), scale: [-1], offset: [0]) }
        switch (try value(0), try value(1)) {
        case (.activation, .constant):
            let c = try weights(1)
            switch node.operation {
            case "Add": return try affine(try input(), constant: c) { (1, $0) }
            case "Sub": return try affine(try input(), constant: c) { (1, -$0) }
            case "Mul": return try affine(try input(), constant: c) { ($0, 0) }
            default:
                guard c.numbers.allSatisfy({ $0 != 0 }) else {
                    throw fail(.invalid, "a division by 0", "divisors other than 0")
                }
                return try affine(try input(), constant: c) { (1 / $0, 0) }
            }
        case (.constant, .activation):
            let c = try weights(0)
            switch node.operation {
            case "Add": return try affine(try input(1), constant: c) { (1, $0) }
            case "Sub": return try affine(try input(1), constant: c) { (-1, $0) }
            case "Mul": return try affine(try input(1), constant: c) { ($0, 0) }
            default: throw fail("a constant divided by an activation", "a constant divisor")
            }
        default:
            guard node.operation == "Add" else {
                throw fail("\(node.operation) of two activations", "a constant operand, or Add")
            }
            return try sum()
        }
    }

    private mutating func sum() throws(ModelFileError) -> ONNXActivation {
        var x = try input(0)
        var y = try input(1)
        if x.dims.count < y.dims.count { swap(&x, &y) }
        let missing = Array(repeating: 1, count: x.dims.count - y.dims.count)
        y = try reshaped(y, missing + y.dims)
        guard x.dims == y.dims else {
            throw fail("shapes \(x.dims) and \(y.dims)", "two equal shapes")
        }
        let arranged = try arranged(y, order: x.order)
        x.id = try append(.add, x.id, try shaped(arranged.id, builder.shape(of: x.id)))
        return x
    }

    /// An affine function with a constant that varies along none, one or all axes.
    private mutating func affine(
        _ x: ONNXActivation, constant c: WeightTensor, _ pair: (Float) -> (Float, Float)
    ) throws(ModelFileError) -> ONNXActivation {
        let rank = max(x.dims.count, c.shape.count)
        var x = x
        if x.dims.count < rank {
            x = try reshaped(x, Array(repeating: 1, count: rank - x.dims.count) + x.dims)
        }
        let shape = Array(repeating: 1, count: rank - c.shape.count) + c.shape
        guard zip(shape, x.dims).allSatisfy({ $0 == $1 || $0 == 1 }) else {
            throw fail("a constant of shape \(c.shape) for \(x.dims)", "a shape that broadcasts")
        }
        let varying = shape.indices.filter { shape[$0] > 1 }
        let scale = c.numbers.map { pair($0).0 }
        let offset = c.numbers.map { pair($0).1 }
        if varying.isEmpty { return try affine(x, scale: scale, offset: offset) }
        if varying.count == 1 {
            var y = try channelsLast(x, axis: varying[0])
            y.id = try append(.affine(scale: scale, offset: offset), y.id)
            return y
        }
        // One number for each element, in memory order.
        func spread(_ numbers: [Float]) -> [Float] {
            var strides = Array(repeating: 0, count: rank)
            var step = 1
            for axis in shape.indices.reversed() where shape[axis] > 1 {
                strides[axis] = step
                step *= shape[axis]
            }
            var result: [Float] = [0]
            var indices = [0]
            for axis in x.order {
                indices = indices.flatMap { base in
                    (0..<x.dims[axis]).map { base + $0 * strides[axis] }
                }
            }
            result = indices.map { numbers[$0] }
            return result
        }
        let before = builder.shape(of: x.id)
        let flat = try shaped(x.id, [before.elements])
        let y = try append(.affine(scale: spread(scale), offset: spread(offset)), flat)
        x.id = try shaped(y, before)
        return x
    }

    /// The same scale and offset for all elements.
    private mutating func affine(
        _ x: ONNXActivation, scale: [Float], offset: [Float]
    ) throws(ModelFileError) -> ONNXActivation {
        let shape = builder.shape(of: x.id)
        let channels = shape.extents.last ?? 1
        var y = x
        y.id = try append(
            .affine(
                scale: Array(repeating: scale[0], count: channels),
                offset: Array(repeating: offset[0], count: channels)), x.id)
        return y
    }

    /// `Gemm` and `MatMul` by a constant: a dense layer, or a 1x1 convolution over the rows.
    mutating func product() throws(ModelFileError) -> ONNXActivation {
        let isGemm = node.operation == "Gemm"
        if !isGemm, let projected = try projected() { return projected }
        let x = try input()
        let b = try weights(1)
        let rank = x.dims.count
        guard rank >= 1, b.shape.count == 2, b.shape.allSatisfy({ $0 > 0 }), !isGemm || rank == 2,
            integer("transA", 0) == 0
        else {
            throw fail(
                "a product of shapes \(x.dims) and \(b.shape), transA \(integer("transA", 0))",
                "[rows, in] times a constant [in, out]")
        }
        let isTransposed = isGemm && integer("transB", 0) != 0
        let outIn = isTransposed ? b : b.transposed([1, 0])
        let (outputs, inputs) = (outIn.shape[0], outIn.shape[1])
        guard x.dims[rank - 1] == inputs else {
            throw fail(.invalid, "\(inputs) inputs of '\(b.name)'", "\(x.dims[rank - 1])")
        }
        let alpha = isGemm ? node.attributes["alpha"]?.float ?? 1 : 1
        let beta = isGemm ? node.attributes["beta"]?.float ?? 1 : 0
        guard alpha.isFinite, beta.isFinite else {
            throw fail(.invalid, "alpha \(alpha), beta \(beta)", "finite numbers")
        }
        var bias = Array(repeating: Float(0), count: outputs)
        if isGemm, has(2) {
            let c = try weights(2)
            guard [1, outputs].contains(c.numbers.count),
                c.shape.dropLast().allSatisfy({ $0 == 1 })
            else { throw fail("a bias of shape \(c.shape)", "[\(outputs)]") }
            for o in 0..<outputs { bias[o] = beta * c.numbers[c.numbers.count == 1 ? 0 : o] }
        }
        let weights = alpha == 1 ? outIn.numbers : outIn.numbers.map { $0 * alpha }
        let rows = x.dims.dropLast().reduce(1, *)
        var y = x
        y.dims[rank - 1] = outputs
        if rows == 1 {
            y.id = try append(.dense(weights: weights, bias: bias), x.id)
            return y
        }
        let last = try channelsLast(x, axis: rank - 1)
        y.order = last.order
        let shape = builder.shape(of: last.id)
        let image = shape.rank == 3 ? last.id : try shaped(last.id, [rows, 1, inputs])
        y.id = try append(
            .convolution(Window(kernel: (1, 1)), weights: weights, bias: bias), image)
        return y
    }
}
