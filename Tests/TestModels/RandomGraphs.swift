// SPDX-License-Identifier: Apache-2.0

package import KWSGraph
internal import KWSNumerics

/// Small random networks with every operator the importers deliver.
package struct RandomGraphs {
    private var generator: SplitMix64

    package init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    package mutating func integer(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    package mutating func numbers(_ count: Int, _ range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &generator) }
    }

    mutating func window(_ limit: Int) -> Window {
        let kernel = (integer(1...limit), integer(1...limit))
        return Window(
            kernel: kernel, stride: (integer(1...2), integer(1...2)),
            padding: (
                integer(0...(kernel.0 - 1)), integer(0...(kernel.0 - 1)),
                integer(0...(kernel.1 - 1)), integer(0...(kernel.1 - 1))
            ))
    }

    /// Windows one behind the other, some of them keeping their input's shape, then a mean or a
    /// dense layer.
    package mutating func chain() throws -> FloatGraph {
        var graph = FloatGraph(
            name: "chain", inputShape: [integer(9...25), integer(2...8), integer(1...4)])
        var value = graph.input
        for layer in 0..<integer(3...9) {
            let (height, width, c) = graph.shape(of: value).image
            let name = "l\(layer)"
            var w = window(3)
            if integer(0...1) == 0 {
                w = Window(kernel: (3, 3), padding: (1, 1, 1, 1))
            }
            if w.output(height: height, width: width) == nil { break }
            switch integer(0...4) {
            case 0:
                let out = integer(1...8)
                value = try graph.append(
                    .convolution(w, weights: numbers(out * w.taps * c), bias: numbers(out)),
                    name: name, inputs: [value])
            case 1, 2:
                value = try graph.append(
                    .depthwise(w, weights: numbers(c * w.taps), bias: numbers(c)),
                    name: name, inputs: [value])
            case 3:
                let out = integer(0...1) == 0 ? c : integer(1...8)
                value = try graph.append(
                    .convolution(
                        Window(kernel: (1, 1)), weights: numbers(out * c), bias: numbers(out)),
                    name: name, inputs: [value])
            default:
                let rows = min(2, height)
                value = try graph.append(
                    .maxPool(Window(kernel: (rows, 1), stride: (integer(1...2), 1))), name: name,
                    inputs: [value])
            }
        }
        let (height, width, _) = graph.shape(of: value).image
        if integer(0...1) == 0 {
            value = try graph.append(
                .averagePool(Window(kernel: (height, width))), name: "pool", inputs: [value])
        }
        let flat = try graph.append(
            .reshape([graph.shape(of: value).elements]), name: "flat", inputs: [value])
        let logits = try graph.append(
            .dense(
                weights: numbers(3 * graph.shape(of: flat).elements), bias: numbers(3)), name: "fc",
            inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    /// Windows that stand on all rows and on no padding along time, then a mean, a padded layer or
    /// neither, and a dense layer.
    ///
    /// - Parameter isStateful: they also go on from rows before the first one, and some are summed.
    package mutating func causal(isStateful: Bool = false) throws -> FloatGraph {
        var graph = FloatGraph(
            name: "causal", inputShape: [integer(9...30), integer(1...6), integer(1...4)])
        var value = graph.input
        for layer in 0..<integer(1...6) {
            let (height, width, c) = graph.shape(of: value).image
            var w = window(min(3, width))
            (w.top, w.bottom) = (0, 0)
            if isStateful { w.top = integer(0...4) }
            w.kernelHeight = min(height + w.top, w.top + integer(1...6))
            w.kernelHeight += (height + w.top - w.kernelHeight) % w.strideHeight
            let name = "l\(layer)"
            let kind = integer(0...3)
            switch kind {
            case 0:
                let out = integer(1...8)
                value = try graph.append(
                    .convolution(w, weights: numbers(out * w.taps * c), bias: numbers(out)),
                    name: name, inputs: [value])
            case 1:
                value = try graph.append(
                    .depthwise(w, weights: numbers(c * w.taps), bias: numbers(c)),
                    name: name, inputs: [value])
            case 2:
                let out = integer(1...8)
                value = try graph.append(
                    .convolution(
                        Window(kernel: (1, 1)), weights: numbers(out * c), bias: numbers(out)),
                    name: name, inputs: [value])
            case _ where isStateful:
                // The rows of both inputs come at the same time.
                w = Window(kernel: (w.top + 1, 1), padding: (w.top, 0, 0, 0))
                let side = try graph.append(
                    .depthwise(w, weights: numbers(c * w.taps), bias: numbers(c)),
                    name: "side\(layer)", inputs: [value])
                value = try graph.append(.add, name: name, inputs: [value, side])
            default:
                (w.left, w.right) = (0, 0)
                value = try graph.append(.maxPool(w), name: name, inputs: [value])
            }
        }
        let (height, width, c) = graph.shape(of: value).image
        switch integer(0...(isStateful ? 0 : 2)) {
        case 0:
            value = try graph.append(
                .averagePool(Window(kernel: (height, width))), name: "pool", inputs: [value])
        case 1:
            value = try graph.append(
                .depthwise(
                    Window(kernel: (3, 1), padding: (1, 1, 0, 0)), weights: numbers(3 * c),
                    bias: numbers(c)), name: "padded", inputs: [value])
        default: break
        }
        let flat = try graph.append(
            .reshape([graph.shape(of: value).elements]), name: "flat", inputs: [value])
        let logits = try graph.append(
            .dense(
                weights: numbers(3 * graph.shape(of: flat).elements), bias: numbers(3)), name: "fc",
            inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    /// An image network of a few layers that ends in a dense layer and a softmax.
    package mutating func network() throws -> FloatGraph {
        var graph = FloatGraph(
            name: "random", inputShape: [integer(5...9), integer(4...7), integer(1...3)])
        var value = graph.input
        for layer in 0..<integer(2...6) {
            let shape = graph.shape(of: value)
            let (_, _, c) = shape.image
            let name = "l\(layer)"
            switch integer(0...6) {
            case 0:
                let w = window(3)
                let out = integer(1...4)
                value = try graph.append(
                    .convolution(w, weights: numbers(out * w.taps * c), bias: numbers(out)),
                    name: name, inputs: [value])
            case 1:
                let w = window(3)
                let out = c * integer(1...2)
                value = try graph.append(
                    .depthwise(w, weights: numbers(out * w.taps), bias: numbers(out)),
                    name: name, inputs: [value])
            case 2:
                value = try graph.append(
                    .batchNorm(
                        BatchNorm(
                            gamma: numbers(c, 0.5...2), beta: numbers(c), mean: numbers(c),
                            variance: numbers(c, 0.2...2), epsilon: 1e-3)),
                    name: name, inputs: [value])
            case 3:
                value = try graph.append(
                    .clip(lower: 0, upper: integer(0...1) == 0 ? .infinity : 6), name: name,
                    inputs: [value])
            case 4:
                let other = try graph.append(
                    .affine(scale: numbers(c), offset: numbers(c)), name: name + ".branch",
                    inputs: [value])
                value = try graph.append(
                    integer(0...1) == 0 ? .add : .concatenate(axis: 2), name: name,
                    inputs: [value, other])
            case 5:
                value = try graph.append(.transpose([1, 0, 2]), name: name, inputs: [value])
            default:
                value = try graph.append(
                    .maxPool(Window(kernel: (2, 1))), name: name, inputs: [value])
            }
            if graph.shape(of: value).image.height < 3 || graph.shape(of: value).image.width < 3 {
                break
            }
        }
        let flipped = try graph.append(.transpose([2, 0, 1]), name: "flip", inputs: [value])
        let flat = try graph.append(
            .reshape([graph.shape(of: flipped).elements]), name: "flat", inputs: [flipped])
        let classes = 4
        let logits = try graph.append(
            .dense(
                weights: numbers(classes * graph.shape(of: flat).elements),
                bias: numbers(classes)), name: "fc", inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }
}
