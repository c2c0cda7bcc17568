// SPDX-License-Identifier: Apache-2.0

extension ONNXImporter {
    /// The current node's result if it is known at import time: constants and shape arithmetic.
    func folded() throws(ModelFileError) -> ONNXConstant? {
        if node.operation == "Constant" { return try constantNode() }
        if node.operation == "Shape", case .activation(let x) = try value(0) {
            let dims = x.paddedDims
            let (start, end) = (integer("start", 0), integer("end", dims.count))
            let from = min(max(0, start < 0 ? start + dims.count : start), dims.count)
            let to = min(max(from, end < 0 ? end + dims.count : end), dims.count)
            return known(dims[from..<to].map(Double.init))
        }
        var constants: [ONNXConstant] = []
        for index in node.inputs.indices where has(index) {
            guard case .constant(let constant) = try value(index) else { return nil }
            constants.append(constant)
        }
        guard let x = constants.first else { return nil }
        switch node.operation {
        case "Identity", "Dropout": return x
        case "Cast": return try cast(x)
        case "Shape": return known(x.shape.map(Double.init))
        case "Neg": return ONNXConstant(name: "", shape: x.shape, numbers: x.numbers.map { -$0 })
        case "ConstantOfShape": return try filled(x)
        case "Gather": return try gathered(x, try constant(1))
        case "Concat": return try joined(constants)
        case "Slice": return try sliced(x)
        case "Reshape":
            return try viewed(x, try targetShape(x.shape, try constant(1).integers))
        case "Squeeze":
            let axes =
                try axes(input: 1, rank: x.shape.count)
                ?? x.shape.indices.filter { x.shape[$0] == 1 }
            let kept = x.shape.indices.filter { !axes.contains($0) }
            return try viewed(x, kept.map { x.shape[$0] })
        case "Unsqueeze":
            let added = has(1) ? try constant(1).numbers.count : integers("axes")?.count ?? 0
            var shape = x.shape
            for axis in try axes(input: 1, rank: x.shape.count + added) ?? [] {
                shape.insert(1, at: axis)
            }
            return try viewed(x, shape)
        case "Transpose":
            let permutation = integers("perm") ?? Array(x.shape.indices.reversed())
            guard permutation.sorted() == Array(x.shape.indices) else {
                throw fail(.invalid, "permutation \(permutation)", "each axis once")
            }
            return transposed(x, permutation)
        case "MatMul": return try product(x, try constant(1))
        case "Add", "Sub", "Mul", "Div": return try arithmetic(x, try constant(1))
        default:
            throw fail("\(node.operation) of constants", "an input that the network computes")
        }
    }

    private func known(_ numbers: [Double]) -> ONNXConstant {
        ONNXConstant(name: "", shape: [numbers.count], numbers: numbers)
    }

    private func viewed(_ x: ONNXConstant, _ shape: [Int]) throws(ModelFileError) -> ONNXConstant {
        guard ModelFileLimits.product(shape) == x.numbers.count else {
            throw fail(.invalid, "shape \(shape) for \(x.numbers.count) numbers", "as many")
        }
        return ONNXConstant(name: x.name, shape: shape, numbers: x.numbers)
    }

    private func constantNode() throws(ModelFileError) -> ONNXConstant {
        let a = node.attributes
        if var tensor = a["value"]?.tensor {
            if tensor.name.isEmpty { tensor.name = node.name }
            return tensor
        }
        if let float = a["value_float"]?.float {
            return ONNXConstant(name: node.name, shape: [], numbers: [Double(float)])
        }
        if let integer = a["value_int"]?.integer {
            return ONNXConstant(name: node.name, shape: [], numbers: [Double(integer)])
        }
        if let integers = a["value_ints"]?.integers { return known(integers.map(Double.init)) }
        if let floats = a["value_floats"]?.floats { return known(floats) }
        throw fail("no number or tensor", "value, value_float(s) or value_int(s)")
    }

    private func cast(_ x: ONNXConstant) throws(ModelFileError) -> ONNXConstant {
        switch integer("to", 0) {
        case 1, 10, 11, 16: return x
        case 2, 3, 4, 5, 6, 7, 12, 13:
            let numbers = x.numbers.map { $0.rounded(.towardZero) }
            return ONNXConstant(name: x.name, shape: x.shape, numbers: numbers)
        default:
            throw fail("a cast to data type \(integer("to", 0))", "floats and integers")
        }
    }

    private func filled(_ shape: ONNXConstant) throws(ModelFileError) -> ONNXConstant {
        guard let count = ModelFileLimits.product(shape.integers) else {
            throw fail("shape \(shape.integers)", "\(ModelFileLimits.elements) numbers at most")
        }
        let number = node.attributes["value"]?.tensor?.numbers.first ?? 0
        return ONNXConstant(
            name: node.name, shape: shape.integers,
            numbers: Array(repeating: number, count: count))
    }

    private func gathered(
        _ x: ONNXConstant, _ indices: ONNXConstant
    ) throws(ModelFileError) -> ONNXConstant {
        guard x.shape.count == 1, integer("axis", 0) == 0 || integer("axis", 0) == -1 else {
            throw fail("a constant of shape \(x.shape)", "a vector")
        }
        var numbers: [Double] = []
        for index in indices.integers {
            let position = index < 0 ? index + x.numbers.count : index
            guard x.numbers.indices.contains(position) else {
                throw fail(.invalid, "index \(index)", "below \(x.numbers.count)")
            }
            numbers.append(x.numbers[position])
        }
        return ONNXConstant(name: "", shape: indices.shape, numbers: numbers)
    }

    private func joined(_ parts: [ONNXConstant]) throws(ModelFileError) -> ONNXConstant {
        let rest = parts.map { Array($0.shape.dropFirst()) }
        guard integer("axis", 0) == 0, rest.allSatisfy({ $0 == rest[0] }),
            parts.allSatisfy({ !$0.shape.isEmpty })
        else { throw fail("constants of shapes \(parts.map(\.shape))", "vectors, axis 0") }
        let length = parts.reduce(0) { $0 + $1.shape[0] }
        return try viewed(known(parts.flatMap(\.numbers)), [length] + rest[0])
    }

    /// `Slice` along the first axis: starts, ends, axes, steps.
    private func sliced(_ x: ONNXConstant) throws(ModelFileError) -> ONNXConstant {
        let (starts, ends) = (try constant(1).integers, try constant(2).integers)
        let axes = has(3) ? try constant(3).integers : [0]
        let steps = has(4) ? try constant(4).integers : [1]
        guard starts.count == 1, ends.count == 1, axes.count == 1, steps.count == 1,
            !x.shape.isEmpty, try axis(axes[0], rank: x.shape.count) == 0,
            (1...Int(Int32.max)).contains(abs(steps[0]))
        else { throw fail("a slice of shape \(x.shape) along \(axes)", "one slice along axis 0") }
        let count = x.shape[0]
        let row = count == 0 ? 0 : x.numbers.count / count
        let step = steps[0]
        func position(_ index: Int, _ range: ClosedRange<Int>) -> Int {
            min(max(index < 0 ? index + count : index, range.lowerBound), range.upperBound)
        }
        let bounds = step > 0 ? 0...count : -1...max(-1, count - 1)
        // A start before the first element counts as the first.
        let from = position(starts[0], step > 0 ? 0...count : 0...max(0, count - 1))
        let to = ends[0] < -count ? bounds.lowerBound : position(ends[0], bounds)
        let rows = count == 0 ? [] : Array(stride(from: from, to: to, by: step))
        let numbers = rows.flatMap { x.numbers[$0 * row..<($0 + 1) * row] }
        return ONNXConstant(
            name: "", shape: [rows.count] + x.shape.dropFirst(), numbers: Array(numbers))
    }

    /// `[.., rows, depth]` times `[depth, columns]`.
    private func product(
        _ x: ONNXConstant, _ y: ONNXConstant
    ) throws(ModelFileError) -> ONNXConstant {
        guard y.shape.count == 2, x.shape.count >= 2, x.shape.last == y.shape[0], y.shape[0] > 0,
            let size = ModelFileLimits.product(x.shape.dropLast() + [y.shape[1]])
        else {
            throw fail(
                "constants of shapes \(x.shape) and \(y.shape)",
                "[.., rows, depth], [depth, columns]")
        }
        let (depth, columns) = (y.shape[0], y.shape[1])
        var numbers = Array(repeating: 0.0, count: size)
        for row in 0..<x.numbers.count / depth {
            for k in 0..<depth {
                let factor = x.numbers[row * depth + k]
                for c in 0..<columns {
                    numbers[row * columns + c] += factor * y.numbers[k * columns + c]
                }
            }
        }
        return ONNXConstant(
            name: x.name, shape: x.shape.dropLast() + [columns], numbers: numbers, factors: [x, y])
    }

    func transposed(_ x: ONNXConstant, _ permutation: [Int]) -> ONNXConstant {
        // The order of positions, which are exact as floats, is that of the numbers.
        var strides = Array(repeating: 1, count: x.shape.count)
        for a in stride(from: x.shape.count - 2, through: 0, by: -1) {
            strides[a] = strides[a + 1] * x.shape[a + 1]
        }
        var indices = [0]
        for axis in permutation {
            indices = indices.flatMap { base in
                (0..<x.shape[axis]).map { base + $0 * strides[axis] }
            }
        }
        return ONNXConstant(
            name: x.name, shape: permutation.map { x.shape[$0] },
            numbers: indices.map { x.numbers[$0] })
    }

    private func arithmetic(
        _ x: ONNXConstant, _ y: ONNXConstant
    ) throws(ModelFileError) -> ONNXConstant {
        guard x.shape == y.shape || x.numbers.count == 1 || y.numbers.count == 1 else {
            throw fail("constants of shapes \(x.shape) and \(y.shape)", "equal shapes or scalars")
        }
        let larger = x.numbers.count >= y.numbers.count ? x : y
        var numbers: [Double] = []
        for i in 0..<larger.numbers.count {
            let a = x.numbers[x.numbers.count == 1 ? 0 : i]
            let b = y.numbers[y.numbers.count == 1 ? 0 : i]
            switch node.operation {
            case "Add": numbers.append(a + b)
            case "Sub": numbers.append(a - b)
            case "Mul": numbers.append(a * b)
            default: numbers.append(a / b)
            }
        }
        return ONNXConstant(name: x.name, shape: larger.shape, numbers: numbers)
    }
}
