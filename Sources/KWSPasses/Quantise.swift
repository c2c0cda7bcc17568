// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Lowers a float graph to integers: unsigned activations with one scale a tensor, signed weights
/// with one scale an output channel, SPEC.md section 4.
///
/// - Requires: the standard passes have run (no batch norm or affine node is left).
package struct Quantise {
    /// Ranges of all values but the input's.
    package var calibration: Calibration
    package var input: InputQuantisation
    package var widths: Widths
    /// The grids that the network was trained on, which then are taken as they are.
    package var learned: LearnedQuantisation?

    package init(
        calibration: Calibration, input: InputQuantisation, widths: Widths = Widths()
    ) {
        self.calibration = calibration
        self.input = input
        self.widths = widths
    }

    /// Takes all grids from training.
    package init(learned: LearnedQuantisation) {
        calibration = Calibration(ranges: [])
        input = learned.input
        widths = Widths(
            layers: Dictionary(
                learned.layers.compactMap { layer in
                    layer.weights.map { (layer.name, $0.bits) }
                }, uniquingKeysWith: { first, _ in first }))
        self.learned = learned
    }

    package func callAsFunction(_ graph: FloatGraph) throws(GraphError) -> QuantGraph {
        var lowering = try Lowering(
            graph: graph, calibration: calibration, input: input, widths: widths, learned: learned)
        try lowering.checkLearned()
        return try lowering.lower()
    }
}

/// The state of one lowering: which tensor carries which value.
struct Lowering {
    let graph: FloatGraph
    private(set) var calibration: Calibration
    let widths: Widths
    let learned: LearnedQuantisation?
    var tensors: [QuantGraph.Tensor] = []
    var layers: [QuantGraph.Layer] = []
    /// The tensor that carries a value, by value index.
    var carrier: [TensorID?]
    /// The clip for which the saturation of the node at hand stands.
    var saturation: (lower: Float, upper: Float)?

    init(
        graph: FloatGraph, calibration: Calibration, input: InputQuantisation, widths: Widths,
        learned: LearnedQuantisation? = nil
    ) throws(GraphError) {
        self.graph = input.hasFinePlane ? try graph.withFinePlane() : graph
        self.calibration = calibration
        if input.hasFinePlane {
            for reader in graph.consumers(of: graph.input) {
                let output = graph.nodes[reader].output.index
                self.calibration.moments[output] = calibration.moments[output]?
                    .withFinePlane(step: input.quantisation.scale)
                self.calibration.recurrentMoments[output] = calibration.recurrentMoments[output]?
                    .withFinePlane(
                        step: input.quantisation.scale,
                        inputs: graph.nodes[reader].operation.recurrence?.inputs ?? 0)
            }
        }
        self.widths = widths
        self.learned = learned
        carrier = Array(repeating: nil, count: graph.values.count)
        tensors.append(
            QuantGraph.Tensor(
                name: graph.values[graph.input.index].name,
                shape: self.graph.shape(of: graph.input), quantisation: input.quantisation,
                value: graph.input))
        carrier[graph.input.index] = TensorID(0)
    }

    mutating func lower() throws(GraphError) -> QuantGraph {
        var skip: Set<Int> = []
        for (index, node) in graph.nodes.enumerated() where !skip.contains(index) {
            // A clip whose producer nobody else reads is the producer's saturation.
            var output = node.output
            var clip: (lower: Float, upper: Float)?
            if let next = graph.absorbedClip(of: node),
                case .clip(let lower, let upper) = graph.nodes[next].operation
            {
                skip.insert(next)
                output = graph.nodes[next].output
                clip = (lower, upper)
            }
            saturation = clip
            try check(node, output)
            try lower(node, to: output)
        }
        guard !layers.isEmpty else {
            throw GraphError(node: graph.name, fact: "the graph has no layer")
        }
        return QuantGraph(name: graph.name, tensors: tensors, layers: layers)
    }

    private mutating func lower(
        _ node: FloatGraph.Node, to output: ValueID
    ) throws(GraphError) {
        var inputs: [TensorID] = []
        for value in node.inputs {
            guard let tensor = carrier[value.index] else {
                throw GraphError(node: node.name, fact: "reads a value that no tensor carries")
            }
            inputs.append(tensor)
        }
        let x = tensors[inputs[0].index]
        let read = x.quantisation.asByte

        switch node.operation {
        case .convolution(let window, let weights, let bias):
            let rounded = try quantise(node, weights, rows: bias.count)
            let out = newTensor(node, output)
            let requantisation = try linear(node, read, rounded, bias, out)
            let isPointwise =
                window.taps == 1 && window.strideHeight == 1 && window.strideWidth == 1
                && !window.hasPadding
            emit(
                node,
                isPointwise
                    ? .pointwise(weights: rounded.weights, requantisation)
                    : .convolution(window, weights: rounded.weights, requantisation),
                inputs, out)
        case .depthwise(let window, let weights, let bias):
            let rounded = try quantise(
                node, Lowering.channelsFirst(weights, channels: bias.count), rows: bias.count)
            let out = newTensor(node, output)
            let requantisation = try linear(node, read, rounded, bias, out)
            emit(node, .depthwise(window, weights: rounded.weights, requantisation), inputs, out)
        case .dense(let weights, let bias):
            let rounded = try quantise(node, weights, rows: bias.count)
            let out = newTensor(node, output)
            let requantisation = try linear(node, read, rounded, bias, out)
            emit(node, .dense(weights: rounded.weights, requantisation), inputs, out)
        case .clip:
            let out = newTensor(node, output)
            let step = try Requantisation.rescaling(
                from: [x.quantisation], to: tensors[out.index].quantisation, node: node.name)
            emit(node, .place(row: 0, column: 0, channel: 0, step), inputs, out)
        case .add:
            let out = newTensor(node, output)
            let step = try Requantisation.rescaling(
                from: inputs.map { tensors[$0.index].quantisation },
                to: tensors[out.index].quantisation, node: node.name)
            emit(node, .add(step), inputs, out)
        case .concatenate(let axis):
            try concatenate(node, axis: axis, inputs, output)
        case .maxPool(let window):
            let out = newTensor(node, output, like: x.quantisation)
            emit(node, .maxPool(window), inputs, out)
        case .averagePool(let window):
            let out = newTensor(node, output)
            widen(out, toTake: read.scale / Double(window.taps))
            let y = tensors[out.index].quantisation
            let requantisation = try Requantisation(
                factors: [read.scale / (y.scale * Double(window.taps))],
                offsets: { factors in
                    [
                        Double(y.zeroPoint) - factors[0]
                            * Double(read.zeroPoint * window.taps)
                    ]
                }, node: node.name)
            let isMean =
                (window.kernelHeight, window.kernelWidth) == (x.height, x.width)
                && !window.hasPadding
            emit(
                node,
                isMean ? .mean(requantisation) : .averagePool(window, requantisation), inputs, out)
        case .reshape(let shape):
            if orderOnly(output) || shape.image == (x.height, x.width, x.channels) {
                carrier[output.index] = inputs[0]
            } else {
                emit(node, .view, inputs, newTensor(node, output, like: x.quantisation))
            }
        case .transpose(let permutation):
            let pad = 3 - permutation.count
            emit(
                node, .transpose(Array(0..<pad) + permutation.map { $0 + pad }), inputs,
                newTensor(node, output, like: x.quantisation))
        case .softmax:
            let out = newTensor(node, output, like: Quantisation(scale: 1.0 / 256, zeroPoint: 0))
            // Two bytes of each class for the detector.
            if output == graph.output { tensors[out.index].channels *= 2 }
            emit(node, .softmax(.softmax(scale: x.quantisation.scale)), inputs, out)
        case .lstm(let lstm):
            let (layer, out) = try lower(lstm, node, read, output)
            emit(node, .recurrent(layer), inputs, out)
        case .gru(let gru):
            let (layer, out) = try lower(gru, node, read, output)
            emit(node, .recurrent(layer), inputs, out)
        case .batchNorm, .affine:
            throw GraphError(
                node: node.name, fact: "\(node.operation.name) must be folded before quantising")
        }
    }

    private mutating func concatenate(
        _ node: FloatGraph.Node, axis: Int, _ inputs: [TensorID], _ output: ValueID
    ) throws(GraphError) {
        let rank = graph.shape(of: node.output).rank
        let out = newTensor(node, output, bits: partBits(inputs, output))
        var start = [0, 0, 0]
        for (number, input) in inputs.enumerated() {
            let x = tensors[input.index]
            let step = try Requantisation.rescaling(
                from: [x.quantisation], to: tensors[out.index].quantisation, node: node.name)
            emit(
                node,
                .place(row: start[0], column: start[1], channel: start[2], step), [input], out,
                suffix: ".\(number)")
            let imageAxis = axis + 3 - rank
            start[imageAxis] += [x.height, x.width, x.channels][imageAxis]
        }
    }

    private mutating func emit(
        _ node: FloatGraph.Node, _ operation: QuantOperator, _ inputs: [TensorID],
        _ output: TensorID, suffix: String = ""
    ) {
        layers.append(
            QuantGraph.Layer(
                name: node.name + suffix, operation: operation, inputs: inputs, output: output,
                weightBits: operation.weights.isEmpty ? 8 : widths.weights(of: node.name)))
    }

    private mutating func linear(
        _ node: FloatGraph.Node, _ x: Quantisation, _ rounded: RoundedWeights, _ bias: [Float],
        _ out: TensorID
    ) throws(GraphError) -> Requantisation {
        let (scales, sums) = (rounded.scales, rounded.sums)
        widen(out, toTake: scales.reduce(0) { max($0, x.scale * $1) })
        let y = tensors[out.index].quantisation
        return try Requantisation(
            factors: scales.map { x.scale * $0 / y.scale },
            offsets: { factors in
                bias.indices.map {
                    (Double(bias[$0]) + rounded.shifts[$0]) / y.scale + Double(y.zeroPoint)
                        - factors[$0] * Double(x.zeroPoint * sums[$0])
                }
            }, node: node.name)
    }
}

extension FloatOperator {
    /// Whether the integer kernel ends in a saturating requantisation that can serve as a clip.
    var saturates: Bool {
        switch self {
        case .convolution, .depthwise, .dense, .add, .averagePool, .concatenate: true
        default: false
        }
    }
}
