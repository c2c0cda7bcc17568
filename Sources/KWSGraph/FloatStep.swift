// SPDX-License-Identifier: Apache-2.0

/// One node made ready to run: shapes looked up, weights in the order the loops read them.
struct FloatStep: Sendable {
    let inputs: [ValueID]
    let output: ValueID
    private let operation: FloatOperator
    private let inShapes: [Shape]
    private let outShape: Shape
    /// Convolution and dense weights as the matrix product reads them.
    private let matrix: PackedMatrix?
    private let recurrent: (any RecurrentStep)?

    init(_ node: FloatGraph.Node, in graph: FloatGraph) {
        inputs = node.inputs
        output = node.output
        operation = node.operation
        inShapes = node.inputs.map(graph.shape(of:))
        outShape = graph.shape(of: node.output)
        switch node.operation {
        case .convolution(_, let weights, let bias), .dense(let weights, let bias):
            matrix = PackedMatrix(rows: weights, bias: bias)
        default:
            matrix = nil
        }
        recurrent = node.operation.recurrentStep(inShapes.first?.image.height ?? 0)
    }

    /// One output row's patches, for a convolution that needs them, or a recurrent layer's sums.
    var scratchElements: Int {
        if let recurrent { return recurrent.scratchElements }
        guard case .convolution(let window, _, _) = operation, let matrix,
            !window.isPointwise
        else { return 0 }
        return outShape.image.width * matrix.depth
    }

    func run(
        inputs: [UnsafePointer<Float>], output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutableBufferPointer<Float>
    ) {
        let x = inputs[0]
        let shape = inShapes[0]
        switch operation {
        case .convolution(let window, _, _):
            guard let matrix else { return }
            convolve(x, output, window, matrix, scratch)
        case .dense:
            matrix?.multiply(x, rows: 1, into: output)
        case .lstm, .gru:
            if let scratch = scratch.baseAddress { recurrent?.run(x, output, scratch: scratch) }
        case .depthwise(let window, let weights, let bias):
            depthwise(x, output, window, weights, bias)
        case .batchNorm(let norm):
            let gain = norm.gamma.indices.map {
                norm.gamma[$0] / (norm.variance[$0] + norm.epsilon).squareRoot()
            }
            perChannel(x, output) { value, c in (value - norm.mean[c]) * gain[c] + norm.beta[c] }
        case .affine(let scale, let offset):
            perChannel(x, output) { value, c in value * scale[c] + offset[c] }
        case .clip(let lower, let upper):
            for i in 0..<shape.elements { output[i] = min(max(x[i], lower), upper) }
        case .add:
            let y = inputs[1]
            for i in 0..<shape.elements { output[i] = x[i] + y[i] }
        case .concatenate(let axis):
            concatenate(inputs, output, axis: axis)
        case .maxPool(let window):
            pool(x, output, window, isMax: true)
        case .averagePool(let window):
            pool(x, output, window, isMax: false)
        case .reshape:
            output.update(from: x, count: shape.elements)
        case .transpose(let permutation):
            transpose(x, output, permutation)
        case .softmax:
            softmax(x, output, count: shape.elements)
        }
    }

    private func perChannel(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        _ function: (Float, Int) -> Float
    ) {
        let channels = outShape.extents[outShape.rank - 1]
        for start in stride(from: 0, to: outShape.elements, by: channels) {
            for c in 0..<channels { y[start + c] = function(x[start + c], c) }
        }
    }

    private func concatenate(
        _ inputs: [UnsafePointer<Float>], _ y: UnsafeMutablePointer<Float>, axis: Int
    ) {
        let outer = outShape.extents[..<axis].reduce(1, *)
        var target = 0
        for o in 0..<outer {
            for (x, shape) in zip(inputs, inShapes) {
                let run = shape.extents[axis...].reduce(1, *)
                (y + target).update(from: x + o * run, count: run)
                target += run
            }
        }
    }

    private func transpose(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ permutation: [Int]
    ) {
        let extents = inShapes[0].extents
        var strides = Array(repeating: 1, count: extents.count)
        for a in stride(from: extents.count - 2, through: 0, by: -1) {
            strides[a] = strides[a + 1] * extents[a + 1]
        }
        let pad = 3 - permutation.count
        let n = Array(repeating: 1, count: pad) + permutation.map { extents[$0] }
        let s = Array(repeating: 0, count: pad) + permutation.map { strides[$0] }
        var target = 0
        for i in 0..<n[0] {
            for j in 0..<n[1] {
                for k in 0..<n[2] {
                    y[target] = x[i * s[0] + j * s[1] + k * s[2]]
                    target += 1
                }
            }
        }
    }

    private func softmax(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
    ) {
        var largest = x[0]
        for i in 1..<max(1, count) { largest = max(largest, x[i]) }
        var sum: Float = 0
        for i in 0..<count {
            y[i] = exponential(x[i] - largest)
            sum += y[i]
        }
        for i in 0..<count { y[i] /= sum }
    }

    private func convolve(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ window: Window,
        _ matrix: PackedMatrix, _ scratch: UnsafeMutableBufferPointer<Float>
    ) {
        let out = outShape.image
        if window.isPointwise {
            matrix.multiply(x, rows: out.height * out.width, into: y)
            return
        }
        guard let patches = scratch.baseAddress else { return }
        let (height, width, channels) = inShapes[0].image
        for row in 0..<out.height {
            for column in 0..<out.width {
                var patch = patches + column * matrix.depth
                for i in 0..<window.kernelHeight {
                    let r = row * window.strideHeight + i - window.top
                    let left = column * window.strideWidth - window.left
                    for j in 0..<window.kernelWidth {
                        let c = left + j
                        if r >= 0, r < height, c >= 0, c < width {
                            patch.update(from: x + (r * width + c) * channels, count: channels)
                        } else {
                            patch.update(repeating: 0, count: channels)
                        }
                        patch += channels
                    }
                }
            }
            matrix.multiply(
                patches, rows: out.width, into: y + row * out.width * out.channels)
        }
    }

    private func depthwise(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ window: Window,
        _ weights: [Float], _ bias: [Float]
    ) {
        let channels = inShapes[0].image.channels
        let outputs = bias.count
        let multiplier = outputs / channels
        weights.withUnsafeBufferPointer { weights in
            eachPixel(window) { target, taps in
                let y = y + target * outputs
                for o in 0..<outputs { y[o] = bias[o] }
                taps { tap, pixel in
                    let w = UnsafeBufferPointer(rebasing: weights[(tap * outputs)...])
                    let x = x + pixel * channels
                    if multiplier == 1 {
                        for c in 0..<channels { y[c] += x[c] * w[c] }
                    } else {
                        for c in 0..<channels {
                            for o in c * multiplier..<(c + 1) * multiplier { y[o] += x[c] * w[o] }
                        }
                    }
                }
            }
        }
    }

    private func pool(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ window: Window, isMax: Bool
    ) {
        let channels = outShape.image.channels
        let share = 1 / Float(window.taps)
        eachPixel(window) { target, taps in
            let y = y + target * channels
            for c in 0..<channels { y[c] = isMax ? -Float.infinity : 0 }
            taps { _, pixel in
                let x = x + pixel * channels
                if isMax {
                    for c in 0..<channels { y[c] = max(y[c], x[c]) }
                } else {
                    for c in 0..<channels { y[c] += x[c] }
                }
            }
            if !isMax {
                for c in 0..<channels { y[c] *= share }
            }
        }
    }

    /// Calls `body` for each output pixel with a loop over the taps that lie inside the input.
    @inline(__always)
    private func eachPixel(
        _ window: Window,
        _ body: (_ target: Int, _ taps: (_ each: (_ tap: Int, _ pixel: Int) -> Void) -> Void) ->
            Void
    ) {
        let (height, width, _) = inShapes[0].image
        let out = outShape.image
        for row in 0..<out.height {
            for column in 0..<out.width {
                let top = row * window.strideHeight - window.top
                let left = column * window.strideWidth - window.left
                body(row * out.width + column) { each in
                    for i in max(
                        0, -top)..<max(max(0, -top), min(window.kernelHeight, height - top))
                    {
                        for j in max(
                            0, -left)..<max(
                                max(0, -left), min(window.kernelWidth, width - left))
                        {
                            each(i * window.kernelWidth + j, (top + i) * width + left + j)
                        }
                    }
                }
            }
        }
    }
}

extension Window {
    /// Whether every output pixel reads just its own input pixel.
    fileprivate var isPointwise: Bool {
        taps == 1 && strideHeight == 1 && strideWidth == 1 && !hasPadding
    }
}
