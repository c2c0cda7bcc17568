// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSPasses

extension NetworkBuilder {
    /// The slices that quantisers learn, behind the network's own.
    static func quantiserSlices(
        of rounded: RoundedGraph, _ quantisation: NetworkQuantisation,
        behind slices: [ParameterSlice]
    ) -> [(slice: ParameterSlice, numbers: [Float])] {
        var result: [(slice: ParameterSlice, numbers: [Float])] = []
        var end = slices.last?.range.upperBound ?? 0
        func add(
            _ node: Int, _ name: String, _ role: ParameterSlice.Role, _ numbers: [Float],
            learns: Bool
        ) {
            let slice = ParameterSlice(
                node: node, name: name, role: role, range: end..<end + numbers.count,
                shape: [numbers.count], trainable: learns)
            result.append((slice, numbers))
            end += numbers.count
        }
        for (tensor, clip) in zip(rounded.tensors, rounded.clips) {
            let node = rounded.graph.nodes[tensor.node]
            if tensor.unit.hasWeights {
                let widths = weightWidths(tensor, rounded, quantisation)
                let width = widths.form.width(widths.bits(of: node.name), .signed)
                let sizes = Array(repeating: Float(0), count: node.operation.weightRows)
                add(tensor.node, node.name, .weightSize, sizes, learns: true)
                add(tensor.node, node.name, .weightWidth, [width], learns: widths.isLearned)
            }
            let widths = tensor.needsBytes ? .fixed(8) : quantisation.activations
            let width = widths.form.width(
                widths.bits(of: node.name), .unsigned(below: 0))
            add(clip, node.name, .outputSize, [0], learns: true)
            add(clip, node.name, .outputWidth, [width], learns: widths.isLearned)
            add(clip, node.name, .outputBelow, [0], learns: false)
            if case .lstm = node.operation { add(clip, node.name, .cellRange, [0], learns: false) }
        }
        add(rounded.graph.nodes.count, "network", .price, [0, 0], learns: false)
        return result
    }

    private static func weightWidths(
        _ tensor: QuantisedTensor, _ rounded: RoundedGraph, _ quantisation: NetworkQuantisation
    ) -> NetworkQuantisation.Widths {
        quantisation.input.hasFinePlane && tensor.source == rounded.graph.input
            ? .fixed(8) : quantisation.weights
    }

    /// The quantisers of a network with those slices.
    static func quantisers(
        of rounded: RoundedGraph, _ quantisation: NetworkQuantisation,
        _ slices: [ParameterSlice], _ statistics: [RunningStatistics]
    ) -> QuantiserSet {
        func slice(_ node: Int, _ role: ParameterSlice.Role) -> ParameterSlice {
            guard let slice = slices.first(where: { $0.node == node && $0.role == role }) else {
                preconditionFailure("node \(node) has no \(role.rawValue)")
            }
            return slice
        }
        var weights: [WeightQuantiser] = []
        var activations: [ActivationQuantiser] = []
        var carriers: [Int: ActivationQuantiser] = [:]
        func norm(_ node: Int?) -> TrailingNorm? {
            guard let node, case .batchNorm(let norm) = rounded.graph.nodes[node].operation,
                let running = statistics.first(where: { $0.node == node })
            else { return nil }
            return TrailingNorm(
                gamma: slice(node, .scale), beta: slice(node, .offset), running: running,
                epsilon: norm.epsilon)
        }
        for (index, tensor) in rounded.tensors.enumerated() {
            let clip = rounded.clips[index]
            let node = rounded.graph.nodes[tensor.node]
            var own: WeightQuantiser?
            if tensor.unit.hasWeights {
                let isDepthwise = if case .depthwise = node.operation { true } else { false }
                let quantiser = WeightQuantiser(
                    matrices: slices.filter {
                        $0.node == tensor.node && $0.role.weightRole != nil
                    }, sizes: slice(tensor.node, .weightSize),
                    width: slice(tensor.node, .weightWidth),
                    form: weightWidths(tensor, rounded, quantisation).form,
                    isDepthwise: isDepthwise, norm: norm(rounded.norms[index]))
                weights.append(quantiser)
                own = quantiser
            }
            var bounds = Bounds()
            if case .clip(let lower, let upper) = rounded.graph.nodes[clip].operation {
                bounds = Bounds(lower: lower, upper: upper)
            }
            let quantiser = ActivationQuantiser(
                name: node.name, elements: rounded.graph.shape(of: tensor.value).elements,
                size: slice(clip, .outputSize), width: slice(clip, .outputWidth),
                below: slice(clip, .outputBelow),
                form: tensor.needsBytes ? FixedForm() : quantisation.activations.form,
                bounds: bounds, source: carriers[tensor.source.index], weights: own,
                bias: slices.first { $0.node == tensor.node && $0.role == .bias },
                cellRange: slices.first { $0.node == clip && $0.role == .cellRange },
                unit: tensor.unit)
            activations.append(quantiser)
            carriers[tensor.value.index] = quantiser
        }
        return QuantiserSet(
            input: quantisation.input, weights: weights, activations: activations,
            prices: slice(rounded.graph.nodes.count, .price))
    }

    /// How a recurrent layer rounds its state, if the network is rounded.
    func stateRounding(_ node: Int) -> StateRounding? {
        guard let quantisers, let outputSize = index(node, .outputSize),
            let quantiser = quantisers.activations.first(where: { $0.size.node == node })
        else { return nil }
        return StateRounding(
            quantiser: quantiser, size: parameters.parameter(outputSize),
            cellRange: index(node, .cellRange).map { parameters.parameter($0) },
            state: quantisers.state)
    }

    /// The layer that rounds in place of a clip, if the network is rounded there.
    func rounding(_ node: Int, _ input: Port, _ output: Port) -> RoundingLayer? {
        guard let quantisers, let outputSize = index(node, .outputSize),
            let outputWidth = index(node, .outputWidth),
            let quantiser = quantisers.activations.first(where: { $0.size.node == node })
        else { return nil }
        return RoundingLayer(
            input: input, output: output, quantiser: quantiser,
            size: parameters.parameter(outputSize), width: parameters.parameter(outputWidth),
            state: quantisers.state)
    }
}

extension FloatOperator {
    /// Rows of weights, each of which has a step.
    fileprivate var weightRows: Int {
        switch self {
        case .convolution(_, _, let bias), .depthwise(_, _, let bias), .dense(_, let bias):
            bias.count
        case .lstm(let lstm): 2 * lstm.bias.count + (lstm.projection == nil ? 0 : lstm.outputs)
        case .gru(let gru): 2 * gru.bias.count
        default: 0
        }
    }
}
