// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Lays out the memory of a trainable network and makes its layers.
struct NetworkBuilder {
    let graph: FloatGraph
    let options: TrainableNetwork.Options
    let parameters: ParameterStore
    let plan: GradientPlan
    let logits: ValueID
    /// Nil: the network is not rounded.
    let quantisers: QuantiserSet?
    /// Those of batch norms, in execution order.
    let statistics: [RunningStatistics]
    private(set) var layers: [BuiltLayer] = []
    /// The memory of each value that has any, by its index; then that of the gradients.
    private let values: [Int: FloatMemory]
    private let pieces: [FloatMemory]
    /// The index in `parameters` of a node's slices.
    private var slices: [Int: [ParameterSlice.Role: Int]] = [:]

    /// - Parameter rounded: the graph's rounding form, if the options ask for one; then the graph
    ///   is that of this form.
    init(
        _ graph: FloatGraph, rounded: RoundedGraph?, _ options: TrainableNetwork.Options
    ) throws(GraphError) {
        try graph.verify()
        let (steps, logits) = try NetworkStep.steps(of: graph, roundings: rounded?.clips ?? [])
        self.graph = graph
        self.options = options
        self.logits = logits

        statistics = graph.nodes.enumerated().compactMap { index, node in
            guard case .batchNorm(let norm) = node.operation else { return nil }
            return RunningStatistics(
                node: index, name: node.name, mean: norm.mean, variance: norm.variance)
        }
        var slices = Self.slices(of: graph, options)
        if let rounded, let quantisation = options.quantisation {
            slices += Self.quantiserSlices(
                of: rounded, quantisation, behind: slices.map(\.slice))
            quantisers = Self.quantisers(
                of: rounded, quantisation, slices.map(\.slice), statistics)
        } else {
            quantisers = nil
        }
        parameters = ParameterStore(
            slices.map(\.slice), shards: options.threads, isQuantised: quantisers != nil)
        for (index, (slice, numbers)) in slices.enumerated() {
            _ = parameters.values[slice.range].update(fromContentsOf: numbers)
            self.slices[slice.node, default: [:]][slice.role] = index
        }

        let learning = Set(slices.filter(\.slice.trainable).map(\.slice.node))
        plan = GradientPlan(
            steps, graph: graph, logits: logits, learns: { learning.contains($0.node) },
            wantsInput: options.inputGradient)
        pieces = plan.sizes.map { FloatMemory($0 * options.batch) }
        var values: [Int: FloatMemory] = [:]
        for value in [graph.input] + steps.map(\.output) {
            values[value.index] = FloatMemory(graph.shape(of: value).elements * options.batch)
        }
        self.values = values

        for (index, step) in steps.enumerated() {
            let targets = plan.targets[index]
            let inputs = zip(step.inputs, targets).map { port($0, gradient: $1?.piece) }
            let output = port(step.output, gradient: plan.sources[index])
            let sums = zip(inputs, targets).compactMap { input, target in
                target?.sum.flatMap { sum in
                    input.gradient.map {
                        BuiltLayer.Sum(part: $0, total: pieces[sum].data, elements: input.elements)
                    }
                }
            }
            let layer = try layer(step, inputs, output)
            layers.append(
                BuiltLayer(
                    layer: layer, value: step.output, output: output,
                    isBackward: output.gradient != nil, sums: sums))
        }
    }

    var memory: [FloatMemory] { Array(values.values) + pieces }

    /// A value with the piece of memory of its gradient.
    func port(_ value: ValueID, gradient piece: Int?) -> Port {
        guard let memory = values[value.index] else {
            preconditionFailure("value \(value.index) has no memory")
        }
        return Port(
            elements: graph.shape(of: value).elements, data: memory.data,
            gradient: piece.map { pieces[$0].data })
    }

    /// - Requires: the node has a slice of that role.
    private func parameter(_ node: Int, _ role: ParameterSlice.Role) -> Parameter {
        guard let index = index(node, role) else {
            preconditionFailure("node \(node) has no \(role.rawValue)")
        }
        return parameters.parameter(index)
    }

    /// The number of a node's slice.
    func index(_ node: Int, _ role: ParameterSlice.Role) -> Int? { slices[node]?[role] }

    private func optional(_ node: Int, _ role: ParameterSlice.Role) -> Parameter? {
        index(node, role).map { parameters.parameter($0) }
    }

    private func bias(_ node: Int) -> Bias? {
        optional(node, .bias).map { Bias(parameter: $0) }
    }

    private mutating func layer(
        _ step: NetworkStep, _ inputs: [Port], _ output: Port
    ) throws(GraphError) -> any Layer {
        let node = graph.nodes[step.node]
        let shape = graph.shape(of: node.inputs[0])
        let outShape = graph.shape(of: node.output)
        let channels = shape.image.channels
        let x = inputs[0]
        switch node.operation {
        case .dense(_, let bias):
            return LinearLayer(
                input: x, output: output, weights: parameter(step.node, .weights),
                bias: self.bias(step.node), depth: shape.elements, outputs: bias.count)
        case .convolution(let window, _, let bias) where window.isPointwise:
            return LinearLayer(
                input: x, output: output, weights: parameter(step.node, .weights),
                bias: self.bias(step.node), depth: channels, outputs: bias.count)
        case .convolution(let window, _, let bias):
            return ConvolutionLayer(
                input: x, output: output,
                patches: Patches(window, input: shape, output: outShape),
                weights: parameter(step.node, .weights), bias: self.bias(step.node),
                outputs: bias.count)
        case .depthwise(let window, _, let bias):
            return DepthwiseLayer(
                input: x, output: output,
                connections: Connections(window, input: shape, output: outShape),
                weights: parameter(step.node, .weights), bias: self.bias(step.node),
                outputs: bias.count)
        case .batchNorm(let norm):
            guard let running = statistics.first(where: { $0.node == step.node }) else {
                preconditionFailure("node \(step.node) has no statistics")
            }
            return BatchNormLayer(
                input: x, output: output, gamma: parameter(step.node, .scale),
                beta: parameter(step.node, .offset), running: running, epsilon: norm.epsilon,
                bounds: step.bounds, shards: options.threads)
        case .affine:
            return AffineLayer(
                input: x, output: output, scale: parameter(step.node, .scale),
                offset: parameter(step.node, .offset))
        case .clip(let lower, let upper):
            if let rounding = rounding(step.node, x, output) { return rounding }
            return ClipLayer(
                input: x, output: output, bounds: Bounds(lower: lower, upper: upper))
        case .add:
            return AddLayer(inputs: inputs, output: output)
        case .concatenate(let axis):
            return ConcatenateLayer(
                inputs: inputs, output: output, runs: outShape.extents[..<axis].reduce(1, *))
        case .maxPool(let window):
            return MaxPoolLayer(
                input: x, output: output,
                connections: Connections(window, input: shape, output: outShape),
                channels: channels)
        case .averagePool(let window):
            return AveragePoolLayer(
                input: x, output: output,
                connections: Connections(window, input: shape, output: outShape),
                channels: channels, taps: window.taps)
        case .transpose(let permutation):
            return TransposeLayer(
                input: x, output: output, shape: shape, permutation: permutation)
        case .lstm(let lstm):
            let rows = RecurrentRows(
                form: lstm.recurrence, count: shape.image.height, outputs: lstm.outputs)
            return LSTMLayer(
                input: x, output: output, rows: rows, weights: parameter(step.node, .weights),
                recurrentWeights: parameter(step.node, .recurrentWeights),
                bias: Bias(parameter: parameter(step.node, .bias)),
                peepholes: optional(step.node, .peepholes),
                projection: optional(step.node, .projection),
                rounding: stateRounding(step.node), batch: options.batch)
        case .gru(let gru):
            let rows = RecurrentRows(
                form: gru.recurrence, count: shape.image.height, outputs: gru.recurrence.units)
            return GRULayer(
                input: x, output: output, rows: rows, weights: parameter(step.node, .weights),
                recurrentWeights: parameter(step.node, .recurrentWeights),
                bias: Bias(parameter: parameter(step.node, .bias)),
                recurrentBias: optional(step.node, .recurrentBias).map { Bias(parameter: $0) },
                resetsAfter: gru.resetsAfter, candidate: gru.candidate,
                rounding: stateRounding(step.node), batch: options.batch)
        case .reshape, .softmax:
            preconditionFailure("\(node.operation.name) is no step")
        }
    }
}

extension Window {
    /// Whether every output pixel reads just its own input pixel.
    fileprivate var isPointwise: Bool {
        taps == 1 && strideHeight == 1 && strideWidth == 1 && !hasPadding
    }
}
