// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSNumerics

/// A network of one operator with random weights, written in place of a model's path, to look at
/// kernels by: `dense:250,144`, `pointwise:25,5,64,64`, `depthwise:25,5,64,7,7`,
/// `convolution:49,10,1,64,10,4,2,2`, `maxpool:24,20,64,2,2,2,2`, `avgpool:24,20,64,2,2,2,2`,
/// `add:25,5,64` (its input to itself), `softmax:12`, `lstm:10,40,64` or `gru:10,40,64` (steps,
/// inputs, units; it gives the last step's output), with a last number 90 of `lstm:10,40,64,90`
/// percent of its weights, the smallest of each matrix, 0. Images end in a mean over their rows and
/// columns.
struct SyntheticModel {
    static let forms = [
        "dense:IN,OUT", "pointwise:H,W,IN,OUT", "depthwise:H,W,CHANNELS,KH,KW[,SH,SW]",
        "convolution:H,W,IN,OUT,KH,KW[,SH,SW]", "maxpool:H,W,CHANNELS,KH,KW[,SH,SW]",
        "avgpool:H,W,CHANNELS,KH,KW[,SH,SW]", "add:H,W,CHANNELS", "softmax:CLASSES",
        "lstm:STEPS,IN,UNITS[,ZEROS]", "gru:STEPS,IN,UNITS[,ZEROS]",
    ]

    let loaded: LoadedModel

    /// Nil if the text is not of this kind at all.
    ///
    /// - Throws: `UsageError` for another number of sizes, or sizes out of range.
    init?(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2,
            let form = SyntheticModel.forms.first(where: { $0.hasPrefix(parts[0] + ":") })
        else { return nil }
        let sizes = parts[1].split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0) ?? 0 }
        let least = form.prefix { $0 != "[" }.count { $0 == "," } + 1
        let most = form.count { $0 == "," } + 1
        guard sizes.count == least || sizes.count == most,
            sizes.allSatisfy({ (1...4096).contains($0) })
        else {
            throw UsageError("'\(text)' is not \(form) with sizes from 1 to 4096")
        }
        var weights = Weights()
        let name = "\(parts[0])-" + sizes.map(String.init).joined(separator: "-")
        var graph: FloatGraph
        if parts[0] == "dense" {
            graph = FloatGraph(name: name, inputShape: [sizes[0]])
            try graph.append(
                .dense(
                    weights: weights.next(sizes[0] * sizes[1], taps: sizes[0]),
                    bias: weights.next(sizes[1], taps: 1)), name: "dense", inputs: [graph.input])
        } else if parts[0] == "softmax" {
            graph = FloatGraph(name: name, inputShape: [sizes[0]])
            try graph.append(.softmax, name: "softmax", inputs: [graph.input])
        } else if parts[0] == "lstm" || parts[0] == "gru" {
            graph = FloatGraph(name: name, inputShape: [sizes[0], sizes[1], 1])
            try graph.append(
                SyntheticModel.recurrent(
                    isLSTM: parts[0] == "lstm", inputs: sizes[1], units: sizes[2],
                    zeros: sizes.count == 4 ? sizes[3] : 0, &weights),
                name: String(parts[0]), inputs: [graph.input])
        } else {
            graph = FloatGraph(name: name, inputShape: [sizes[0], sizes[1], sizes[2]])
            try SyntheticModel.append(String(parts[0]), sizes, weights: &weights, to: &graph)
        }
        let classes = graph.shape(of: graph.output).elements
        loaded = LoadedModel(
            graph: graph,
            description: ModelDescription(
                name: name, labels: (0..<classes).map { "\($0)" }, keywords: []),
            sourceHash: 0, notes: [])
    }

    private static func recurrent(
        isLSTM: Bool, inputs: Int, units: Int, zeros: Int, _ weights: inout Weights
    ) -> FloatOperator {
        let form = Recurrence(inputs: inputs, units: units, returnsSequence: false)
        let rows = units * (isLSTM ? LSTM.gates : GRU.gates)
        let input = weights.next(rows * inputs, taps: inputs).pruned(percent: zeros)
        let own = weights.next(rows * units, taps: units).pruned(percent: zeros)
        let bias = weights.next(rows, taps: 1)
        return isLSTM
            ? .lstm(LSTM(form, weights: input, recurrentWeights: own, bias: bias))
            : .gru(
                GRU(
                    form, weights: input, recurrentWeights: own, bias: bias, resetsAfter: true))
    }

    private static func append(
        _ operation: String, _ sizes: [Int], weights: inout Weights, to graph: inout FloatGraph
    ) throws {
        let isConvolution = operation == "convolution" || operation == "pointwise"
        let rest = Array(sizes.dropFirst(isConvolution ? 4 : 3))
        let kernel = rest.isEmpty ? (1, 1) : (rest[0], rest[1])
        let stride = rest.count == 4 ? (rest[2], rest[3]) : (1, 1)
        let (top, bottom) = padding(sizes[0], kernel.0, stride.0)
        let (left, right) = padding(sizes[1], kernel.1, stride.1)
        let window = Window(
            kernel: kernel, stride: stride,
            padding: (top: top, bottom: bottom, left: left, right: right))
        let body: FloatOperator
        switch operation {
        case "add": body = .add
        case "maxpool": body = .maxPool(window)
        case "avgpool": body = .averagePool(window)
        case "depthwise":
            body = .depthwise(
                window, weights: weights.next(window.taps * sizes[2], taps: window.taps),
                bias: weights.next(sizes[2], taps: 1))
        default:
            let taps = window.taps * sizes[2]
            body = .convolution(
                window, weights: weights.next(taps * sizes[3], taps: taps),
                bias: weights.next(sizes[3], taps: 1))
        }
        var last = try graph.append(
            body, name: operation,
            inputs: operation == "add" ? [graph.input, graph.input] : [graph.input])
        if isConvolution || operation == "depthwise" {
            last = try graph.append(
                .clip(lower: 0, upper: .infinity), name: "relu", inputs: [last])
        }
        let image = graph.shape(of: last).image
        try graph.append(
            .averagePool(Window(kernel: (image.height, image.width))), name: "mean", inputs: [last])
    }

    /// So that the output has a position for each stride of the input.
    private static func padding(_ size: Int, _ kernel: Int, _ stride: Int) -> (Int, Int) {
        let all = max(0, ((size - 1) / stride) * stride + kernel - size)
        return (all / 2, all - all / 2)
    }
}

extension [Float] {
    /// The smallest ones, so many of a hundred, made 0.
    fileprivate func pruned(percent: Int) -> [Float] {
        var weights = self
        let bySize = indices.sorted { self[$0].magnitude < self[$1].magnitude }
        for index in bySize.prefix(count * Swift.min(percent, 100) / 100) { weights[index] = 0 }
        return weights
    }
}

/// Weights that keep sums of `taps` products in the range of what comes in.
private struct Weights {
    private var random = SplitMix64(seed: 1)

    mutating func next(_ count: Int, taps: Int) -> [Float] {
        let most = (3 / Float(taps)).squareRoot()
        return (0..<count).map { _ in Float.random(in: -most...most, using: &random) }
    }
}
