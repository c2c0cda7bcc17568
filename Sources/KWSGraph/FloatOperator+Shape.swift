// SPDX-License-Identifier: Apache-2.0

extension FloatOperator {
    /// Infers the output's shape and checks that inputs, window and weights fit together.
    ///
    /// - Parameter node: the name for error messages.
    package func outputShape(_ inputs: [Shape], node: String) throws(GraphError) -> Shape {
        func fail(_ fact: String) -> GraphError { GraphError(node: node, fact: fact) }

        let expected =
            switch self {
            case .add: 2
            case .concatenate: max(1, inputs.count)
            default: 1
            }
        guard inputs.count == expected, let x = inputs.first else {
            throw fail("\(name) takes \(expected) input(s), found \(inputs.count)")
        }
        guard inputs.allSatisfy({ (1...3).contains($0.rank) && $0.extents.allSatisfy { $0 > 0 } })
        else {
            throw fail("input shapes \(inputs) must have 1 to 3 axes of 1 or more")
        }

        func sliding(_ window: Window) throws(GraphError) -> (Int, Int, Int) {
            guard x.rank == 3 else {
                throw fail("\(name) takes an image [height][width][channels], found \(x)")
            }
            let (h, w, c) = x.image
            guard window.kernelHeight > 0, window.kernelWidth > 0,
                let out = window.output(height: h, width: w)
            else {
                throw fail(
                    "kernel \(window.kernelHeight)x\(window.kernelWidth), stride "
                        + "\(window.strideHeight)x\(window.strideWidth) does not fit input \(x)")
            }
            return (out.height, out.width, c)
        }
        func perChannel(_ arrays: [Float]...) throws(GraphError) {
            let channels = x.extents[x.rank - 1]
            guard arrays.allSatisfy({ $0.count == channels }) else {
                throw fail(
                    "\(name) of \(arrays.map(\.count)) numbers on \(channels) channels (shape \(x))"
                )
            }
        }

        switch self {
        case .convolution(let window, let weights, let bias):
            let (h, w, c) = try sliding(window)
            guard !bias.isEmpty, weights.count == bias.count * window.taps * c else {
                throw fail(
                    "\(weights.count) weights, expected \(bias.count) (out) x "
                        + "\(window.kernelHeight)x\(window.kernelWidth) x \(c) (in)")
            }
            return [h, w, bias.count]
        case .depthwise(let window, let weights, let bias):
            let (h, w, c) = try sliding(window)
            guard !bias.isEmpty, bias.count % c == 0, weights.count == bias.count * window.taps
            else {
                throw fail(
                    "\(weights.count) weights and \(bias.count) biases, expected "
                        + "\(window.kernelHeight)x\(window.kernelWidth) x a multiple of \(c)")
            }
            return [h, w, bias.count]
        case .dense(let weights, let bias):
            guard !bias.isEmpty, weights.count == bias.count * x.elements else {
                throw fail(
                    "\(weights.count) weights, expected \(bias.count) (out) x \(x.elements) (in)")
            }
            return [bias.count]
        case .lstm(let lstm): return try lstm.outputShape(x, node: node)
        case .gru(let gru): return try gru.outputShape(x, node: node)
        case .batchNorm(let norm):
            try perChannel(norm.gamma, norm.beta, norm.mean, norm.variance)
            return x
        case .affine(let scale, let offset):
            try perChannel(scale, offset)
            return x
        case .clip(let lower, let upper):
            guard lower < upper else { throw fail("clip from \(lower) to \(upper) is empty") }
            return x
        case .add:
            guard inputs[1] == x else { throw fail("add of shapes \(x) and \(inputs[1])") }
            return x
        case .concatenate(let axis):
            guard x.extents.indices.contains(axis) else {
                throw fail("concatenation along axis \(axis) of shape \(x)")
            }
            var out = x
            for other in inputs.dropFirst() {
                var same = other
                guard other.rank == x.rank else {
                    throw fail("concatenation of shapes \(inputs)")
                }
                same.extents[axis] = x.extents[axis]
                guard same == x else { throw fail("concatenation of shapes \(inputs)") }
                out.extents[axis] += other.extents[axis]
            }
            return out
        case .maxPool(let window), .averagePool(let window):
            let (h, w, c) = try sliding(window)
            guard window.top < window.kernelHeight, window.bottom < window.kernelHeight,
                window.left < window.kernelWidth, window.right < window.kernelWidth
            else {
                throw fail("pool padding must be smaller than the kernel")
            }
            return [h, w, c]
        case .reshape(let shape):
            guard shape.elements == x.elements, (1...3).contains(shape.rank) else {
                throw fail("reshape of \(x) to \(shape)")
            }
            return shape
        case .transpose(let permutation):
            guard permutation.sorted() == Array(x.extents.indices) else {
                throw fail("transpose by \(permutation) of shape \(x)")
            }
            return Shape(permutation.map { x.extents[$0] })
        case .softmax:
            return x
        }
    }
}
