// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension TFLiteImporter {
    /// An input of a window operator as an image `[height][width][channels]`.
    private mutating func image(_ x: Activation) throws(ModelFileError) -> ValueID {
        guard x.dims.count == 4, x.dims[0] == 1 else {
            throw fail("an input of shape \(x.dims)", "[1, height, width, channels]")
        }
        return try shaped(x.id, Shape(Array(x.dims[1...])))
    }

    /// The window of a convolution or pool; `fields` are padding, stride_w, stride_h.
    private func window(
        _ x: Activation, _ image: ValueID, kernel: (Int, Int)
    ) throws(ModelFileError) -> Window {
        let code = try node.options?.integer(0, Int8.self) ?? 0
        guard (0...1).contains(code) else { throw fail(.invalid, "padding \(code)", "0 or 1") }
        let stride = (
            try node.options?.integer(2, Int32.self) ?? 0,
            try node.options?.integer(1, Int32.self) ?? 0
        )
        var (vertical, horizontal) = code == 0 ? (Padding.same, Padding.same) : (.valid, .valid)
        if let pads = x.pads {
            guard pads[0] == (0, 0), pads[3] == (0, 0), code == 1 else {
                throw fail("PAD of \(pads) with SAME", "PAD of height and width with VALID")
            }
            vertical = .explicit(before: pads[1].before, after: pads[1].after)
            horizontal = .explicit(before: pads[2].before, after: pads[2].after)
        }
        return try builder.window(
            node: outputName, image: builder.shape(of: image), kernel: kernel, stride: stride,
            vertical: vertical, horizontal: horizontal)
    }

    private func dilations(_ fields: Int...) throws(ModelFileError) {
        for field in fields {
            let dilation = try node.options?.integer(field, Int32.self, default: 1) ?? 1
            guard dilation == 1 else { throw fail("dilation \(dilation)", "1") }
        }
    }

    private func bias(_ count: Int) throws(ModelFileError) -> [Float] {
        guard has(2) else { return Array(repeating: 0, count: count) }
        let bias = try constant(2)
        guard bias.numbers.count == count else {
            throw fail(.invalid, "\(bias.numbers.count) biases", "\(count)")
        }
        return bias.numbers
    }

    private func result(_ id: ValueID) -> Activation {
        Activation(id: id, dims: [1] + builder.shape(of: id).extents)
    }

    mutating func convolution() throws(ModelFileError) -> Activation {
        let x = try padded()
        let w = try constant(1)
        let image = try image(x)
        guard w.shape.count == 4, w.shape.allSatisfy({ $0 > 0 }), w.shape[3] == x.dims[3] else {
            throw fail(
                "weights of shape \(w.shape) on \(x.dims)", "[out, height, width, \(x.dims[3])]")
        }
        try dilations(4, 5)
        let window = try window(x, image, kernel: (w.shape[1], w.shape[2]))
        let id = try append(
            .convolution(window, weights: w.numbers, bias: try bias(w.shape[0])), image)
        return try clipped(result(id), code: try node.options?.integer(3, Int8.self) ?? 0)
    }

    mutating func depthwise() throws(ModelFileError) -> Activation {
        let x = try padded()
        let w = try constant(1)
        let image = try image(x)
        guard w.shape.count == 4, w.shape.allSatisfy({ $0 > 0 }), w.shape[0] == 1,
            w.shape[3] % x.dims[3] == 0
        else {
            throw fail(
                "weights of shape \(w.shape) on \(x.dims)",
                "[1, height, width, a multiple of \(x.dims[3])]")
        }
        try dilations(5, 6)
        let window = try window(x, image, kernel: (w.shape[1], w.shape[2]))
        let id = try append(
            .depthwise(window, weights: w.numbers, bias: try bias(w.shape[3])), image)
        return try clipped(result(id), code: try node.options?.integer(4, Int8.self) ?? 0)
    }

    mutating func pool() throws(ModelFileError) -> Activation {
        let isMax = node.name == "MAX_POOL_2D"
        let x = try input()
        let image = try image(x)
        let kernel = (
            try node.options?.integer(4, Int32.self) ?? 0,
            try node.options?.integer(3, Int32.self) ?? 0
        )
        let window = try window(x, image, kernel: kernel)
        guard isMax || !window.hasPadding else {
            throw fail("SAME padding, which does not count", "VALID, or a kernel that fits")
        }
        let id = try append(isMax ? .maxPool(window) : .averagePool(window), image)
        return try clipped(result(id), code: try node.options?.integer(5, Int8.self) ?? 0)
    }

    mutating func fullyConnected() throws(ModelFileError) -> Activation {
        let x = try input()
        let w = try constant(1)
        guard w.shape.count == 2, w.shape.allSatisfy({ $0 > 0 }),
            try node.options?.integer(1, Int8.self) ?? 0 == 0
        else { throw fail("weights of shape \(w.shape)", "[out, in] in the default format") }
        let (outputs, inputs) = (w.shape[0], w.shape[1])
        let count = x.dims.reduce(1, *)
        guard count % inputs == 0 else {
            throw fail(.invalid, "\(count) inputs for weights \(w.shape)", "rows of \(inputs)")
        }
        let rows = count / inputs
        var y = Activation(id: x.id, dims: [rows, outputs])
        if try node.options?.bool(2) ?? false { y.dims = x.dims.dropLast() + [outputs] }
        guard y.dims.reduce(1, *) == rows * outputs else {
            throw fail(.invalid, "an output of shape \(y.dims)", "\(rows * outputs) numbers")
        }
        let bias = try bias(outputs)
        if rows == 1 {
            y.id = try append(.dense(weights: w.numbers, bias: bias), x.id)
        } else {
            let image = try shaped(x.id, [rows, 1, inputs])
            y.id = try append(
                .convolution(Window(kernel: (1, 1)), weights: w.numbers, bias: bias), image)
        }
        return try clipped(y, code: try node.options?.integer(0, Int8.self) ?? 0)
    }

    /// MEAN or REDUCE_MAX over axes, as a pool with the window of all of them.
    mutating func reduction() throws(ModelFileError) -> Activation {
        let x = try input()
        var reduced: [Int] = []
        for axis in try integers(1) {
            reduced.append(try self.axis(axis, rank: x.dims.count))
        }
        let kept = x.dims.indices.filter { !reduced.contains($0) }
        let front = x.dims.indices.filter { reduced.contains($0) }
        var y = try transposed(x, front + kept)
        let large = front.map { x.dims[$0] }.filter { $0 > 1 }
        if !large.isEmpty {
            let (rows, columns) = (large[0], large.dropFirst().reduce(1, *))
            let shape: Shape = [rows, columns, kept.map { x.dims[$0] }.reduce(1, *)]
            let image = try shaped(y.id, shape)
            let window = try builder.window(
                node: outputName, image: shape, kernel: (rows, columns), stride: (1, 1),
                vertical: .valid, horizontal: .valid)
            let isMax = node.name == "REDUCE_MAX"
            y.id = try append(isMax ? .maxPool(window) : .averagePool(window), image)
        }
        let keeps = try node.options?.bool(0) ?? false
        y.dims = x.dims.indices.compactMap { axis in
            reduced.contains(axis) ? (keeps ? 1 : nil) : x.dims[axis]
        }
        return y
    }

    mutating func arithmetic() throws(ModelFileError) -> Activation {
        let code = try node.options?.integer(0, Int8.self) ?? 0
        switch (try value(0), try value(1)) {
        case (.activation, .activation):
            var x = try input(0)
            let y = try input(1)
            guard node.name == "ADD", x.dims == y.dims else {
                throw fail(
                    "\(node.name) of \(x.dims) and \(y.dims)", "ADD of equal shapes, or a constant")
            }
            x.id = try append(.add, x.id, try shaped(y.id, builder.shape(of: x.id)))
            return try clipped(x, code: code)
        case (.activation, .constant(let c)):
            switch node.name {
            case "ADD": return try clipped(affine(try input(), c) { (1, $0) }, code: code)
            case "SUB": return try clipped(affine(try input(), c) { (1, -$0) }, code: code)
            case "MUL": return try clipped(affine(try input(), c) { ($0, 0) }, code: code)
            default: return try clipped(affine(try input(), c) { (1 / $0, 0) }, code: code)
            }
        case (.constant(let c), .activation):
            switch node.name {
            case "ADD": return try clipped(affine(try input(1), c) { (1, $0) }, code: code)
            case "SUB": return try clipped(affine(try input(1), c) { (-1, $0) }, code: code)
            case "MUL": return try clipped(affine(try input(1), c) { ($0, 0) }, code: code)
            default: throw fail("a constant divided by an activation", "a constant divisor")
            }
        default:
            throw fail("two constants or shapes", "an input that the network computes")
        }
    }

    /// An affine function with a constant that is a number, one a channel, or one an element.
    private mutating func affine(
        _ x: Activation, _ c: WeightTensor, _ pair: (Float) -> (Float, Float)
    ) throws(ModelFileError) -> Activation {
        let count = x.dims.reduce(1, *)
        let channels = x.dims.last ?? 1
        let shape = c.shape.drop { $0 == 1 }
        guard
            c.numbers.count == 1 || Array(shape) == [channels].filter({ $0 > 1 })
                || c.shape.filter({ $0 > 1 }) == x.dims.filter({ $0 > 1 })
        else {
            throw fail("a constant of shape \(c.shape) for \(x.dims)", "one number a channel")
        }
        let width = c.numbers.count == 1 ? channels : c.numbers.count
        let numbers =
            c.numbers.count == 1
            ? Array(repeating: c.numbers[0], count: width) : c.numbers
        let before = builder.shape(of: x.id)
        let fits = before.extents.last == width
        var y = x
        let source = try fits ? x.id : shaped(x.id, [count / width, 1, width])
        y.id = try append(
            .affine(scale: numbers.map { pair($0).0 }, offset: numbers.map { pair($0).1 }), source)
        return y
    }
}
