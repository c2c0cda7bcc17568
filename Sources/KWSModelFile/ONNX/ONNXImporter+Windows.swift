// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    /// The attributes of a sliding operator along the image's two axes.
    private struct Sliding {
        var kernel: (Int, Int)
        var stride: (Int, Int)
        var vertical: Padding
        var horizontal: Padding
    }

    /// Reads strides, pads and auto_pad; one-dimensional operators slide along the height.
    private func sliding(
        _ x: ONNXActivation, kernel: [Int], swapped: Bool
    ) throws(ModelFileError) -> Sliding {
        let axes = x.dims.count - 2
        let strides = integers("strides") ?? Array(repeating: 1, count: axes)
        let pads = integers("pads") ?? Array(repeating: 0, count: 2 * axes)
        let dilations = integers("dilations") ?? Array(repeating: 1, count: axes)
        guard kernel.count == axes, strides.count == axes, pads.count == 2 * axes else {
            throw fail(
                .invalid, "kernel \(kernel), strides \(strides), pads \(pads)",
                "\(axes) axes as in the input \(x.dims)")
        }
        guard dilations.allSatisfy({ $0 == 1 }) else {
            throw fail("dilations \(dilations)", "1")
        }
        let mode = node.attributes["auto_pad"]?.text ?? "NOTSET"
        var paddings: [Padding] = []
        for axis in 0..<axes {
            let extra = x.pads?[axis + 2] ?? (before: 0, after: 0)
            switch mode {
            case "NOTSET":
                let limit = -ModelFileLimits.windowExtent...ModelFileLimits.windowExtent
                guard limit.contains(pads[axis]), limit.contains(pads[axis + axes]) else {
                    throw fail(.invalid, "pads \(pads)", "\(limit)")
                }
                paddings.append(
                    .explicit(
                        before: pads[axis] + extra.before, after: pads[axis + axes] + extra.after))
            case "VALID":
                paddings.append(.explicit(before: extra.before, after: extra.after))
            case "SAME_UPPER" where extra == (0, 0): paddings.append(.same)
            case "SAME_LOWER" where extra == (0, 0): paddings.append(.sameLower)
            default:
                throw fail("auto_pad \(mode)", "NOTSET, SAME_UPPER, SAME_LOWER, VALID")
            }
        }
        if let pads = x.pads, pads[0] != (0, 0) || pads[1] != (0, 0) {
            throw fail("padded batch or channels", "padding of height and width")
        }
        let all = (
            kernel: kernel + [1], stride: strides + [1], padding: paddings + [.valid]
        )
        let (v, h) = swapped ? (1, 0) : (0, 1)
        return Sliding(
            kernel: (all.kernel[v], all.kernel[h]), stride: (all.stride[v], all.stride[h]),
            vertical: all.padding[v], horizontal: all.padding[h])
    }

    /// The result of a window operator, with ONNX axes again.
    private func result(
        _ id: ValueID, of x: ONNXActivation, swapped: Bool
    ) -> ONNXActivation {
        let (h, w, c) = builder.shape(of: id).image
        var y = x
        y.id = id
        y.pads = nil
        y.dims = x.dims.count == 3 ? [1, c, h] : swapped ? [1, c, w, h] : [1, c, h, w]
        return y
    }

    mutating func convolution() throws(ModelFileError) -> ONNXActivation {
        let source = try padded()
        let w = try weights(1)
        guard source.dims.count >= 3, w.shape.count == source.dims.count,
            w.shape.allSatisfy({ $0 > 0 })
        else {
            throw fail(
                .invalid, "weights of shape \(w.shape) on an input of shape \(source.dims)",
                "[out, in / group, kernel...] on [1, in, ...]")
        }
        let (inputs, outputs, group) = (source.dims[1], w.shape[0], integer("group", 1))
        let isDepthwise = group > 1 && group == inputs && outputs % inputs == 0
        guard group == 1 || isDepthwise else {
            throw fail("group \(group) on \(inputs) channels", "1, or one channel a group")
        }
        guard w.shape[1] == inputs / group else {
            throw fail(
                .invalid, "weights for \(w.shape[1]) channels a group", "\(inputs / group)")
        }
        if let kernel = integers("kernel_shape"), kernel != Array(w.shape[2...]) {
            throw fail(.invalid, "kernel_shape \(kernel)", "\(Array(w.shape[2...]))")
        }
        var bias = Array(repeating: Float(0), count: outputs)
        if has(2) {
            let tensor = try weights(2)
            guard tensor.numbers.count == outputs else {
                throw fail(.invalid, "\(tensor.numbers.count) biases", "\(outputs)")
            }
            bias = tensor.numbers
        }
        let (image, swapped) = try image(source)
        let sliding = try sliding(source, kernel: Array(w.shape[2...]), swapped: swapped)
        let window = try window(sliding, on: image)
        // [out][in][height][width], the last two exchanged if the image's axes are.
        let full = WeightTensor(
            name: w.name, shape: w.shape.count == 3 ? w.shape + [1] : w.shape, numbers: w.numbers)
        let (v, h) = swapped ? (3, 2) : (2, 3)
        let operation: FloatOperator =
            isDepthwise
            ? .depthwise(window, weights: full.transposed([v, h, 0, 1]).numbers, bias: bias)
            : .convolution(window, weights: full.transposed([0, v, h, 1]).numbers, bias: bias)
        let id = try append(operation, image.id)
        return result(id, of: image, swapped: swapped)
    }

    mutating func pool() throws(ModelFileError) -> ONNXActivation {
        let isMax = node.operation == "MaxPool"
        let source = isMax ? try input() : try padded()
        guard let kernel = integers("kernel_shape"), node.outputs.count == 1,
            integer("storage_order", 0) == 0
        else {
            throw fail(.invalid, "no kernel_shape, or indices", "a kernel_shape, one output")
        }
        let (image, swapped) = try image(source)
        let sliding = try sliding(source, kernel: kernel, swapped: swapped)
        let window = try window(sliding, on: image)
        if integer("ceil_mode", 0) != 0 {
            let shape = builder.shape(of: image.id).image
            let h = shape.height + window.top + window.bottom - window.kernelHeight
            let w = shape.width + window.left + window.right - window.kernelWidth
            guard h % window.strideHeight == 0, w % window.strideWidth == 0 else {
                throw fail("ceil_mode 1 with a last window beyond the input", "ceil_mode 0")
            }
        }
        if !isMax, window.hasPadding, integer("count_include_pad", 0) == 0 {
            // Zeros of a Pad node do count; those of the pool itself then must not exist.
            guard source.pads != nil, (integers("pads") ?? []).allSatisfy({ $0 == 0 }) else {
                throw fail("padding that does not count", "count_include_pad 1, or no padding")
            }
        }
        let id = try append(isMax ? .maxPool(window) : .averagePool(window), image.id)
        return result(id, of: image, swapped: swapped)
    }

    private func window(
        _ sliding: Sliding, on image: ONNXActivation
    ) throws(ModelFileError) -> Window {
        try builder.window(
            node: node.name, image: builder.shape(of: image.id), kernel: sliding.kernel,
            stride: sliding.stride, vertical: sliding.vertical, horizontal: sliding.horizontal)
    }

    /// Mean or maximum over axes, as a pool with the window of all of them.
    mutating func reduction() throws(ModelFileError) -> ONNXActivation {
        let x = try input()
        let rank = x.dims.count
        let isGlobal = node.operation.hasPrefix("Global")
        var axes = isGlobal ? Array(2..<max(2, rank)) : try axes(input: 1, rank: rank)
        if axes?.isEmpty ?? true, !isGlobal {
            if integer("noop_with_empty_axes", 0) != 0 { return x }
            axes = Array(0..<rank)
        }
        let reduced = axes ?? []
        let keeps = isGlobal || integer("keepdims", 1) != 0
        // [reduced][kept] in the order in which memory has them already, if it does.
        let front = x.order.filter { reduced.contains($0) }
        let back = x.order.filter { !reduced.contains($0) }
        var y = try arranged(x, order: front + back)
        let large = front.filter { x.dims[$0] > 1 }
        let channels = back.map { x.dims[$0] }.reduce(1, *)
        if !large.isEmpty {
            let rows = x.dims[large[0]]
            let columns = large.dropFirst().map { x.dims[$0] }.reduce(1, *)
            let image = try shaped(y.id, [rows, columns, channels])
            let window = try builder.window(
                node: node.name, image: [rows, columns, channels], kernel: (rows, columns),
                stride: (1, 1), vertical: .valid, horizontal: .valid)
            let isMax = node.operation.hasSuffix("Max") || node.operation.hasSuffix("MaxPool")
            y.id = try append(isMax ? .maxPool(window) : .averagePool(window), image)
        }
        y.dims = x.dims.indices.map { reduced.contains($0) ? 1 : x.dims[$0] }
        return keeps ? y : try reshaped(y, back.sorted().map { x.dims[$0] })
    }
}
