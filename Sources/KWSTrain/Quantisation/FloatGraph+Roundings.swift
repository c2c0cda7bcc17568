// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSPasses

/// A graph with a clip for each tensor of its integer form, where the network rounds, and if asked for
/// a batch norm behind each convolution; recurrent layers round themselves, for they read what they put
/// out.
struct RoundedGraph {
    private(set) var graph: FloatGraph
    /// The tensors, their nodes and values as in `graph`.
    private(set) var tensors: [QuantisedTensor]
    /// The clip, or recurrent layer, that rounds each tensor.
    private(set) var clips: [Int]
    /// The batch norm behind each tensor's node; nil: none.
    private(set) var norms: [Int?]
    /// Those clips that the original does not have; they let everything pass.
    private(set) var inserted: [Int] = []

    init(_ original: FloatGraph, normalises: Bool) {
        graph = original
        tensors = original.quantisedTensors
        clips = []
        norms = tensors.map { _ in nil }
        for index in tensors.indices {
            if normalises { normalise(index) }
            let tensor = tensors[index]
            if let clip = tensor.clip {
                clips.append(clip)
                continue
            }
            switch graph.nodes[tensor.node].operation {
            case .clip, .lstm, .gru:
                clips.append(tensor.node)
                continue
            default: break
            }
            let last = norms[index] ?? tensor.node
            insert(
                .clip(lower: -.infinity, upper: .infinity), behind: last,
                name: "\(graph.nodes[tensor.node].name)/rounding")
            clips.append(last + 1)
            inserted.append(last + 1)
        }
    }

    /// Puts a batch norm with its bias behind a convolution that does not make the logits. A batch has one
    /// number of an output of a dense layer: norms there gained nothing (Sources/DESIGN.md).
    private mutating func normalise(_ tensor: Int) {
        let node = tensors[tensor].node
        let operation = graph.nodes[node].operation
        guard let bias = operation.convolutionBias, !isLogits(graph.nodes[node].output) else {
            return
        }
        graph.nodes[node].operation = operation.withoutBias
        let ones = bias.map { _ in Float(1) }
        let zeros = bias.map { _ in Float(0) }
        insert(
            .batchNorm(
                BatchNorm(gamma: ones, beta: bias, mean: zeros, variance: ones, epsilon: 1e-5)),
            behind: node, name: "\(graph.nodes[node].name)/norm")
        norms[tensor] = node + 1
    }

    private func isLogits(_ value: ValueID) -> Bool {
        value == graph.output
            || graph.consumers(of: value).contains { reader in
                switch graph.nodes[reader].operation {
                case .softmax: true
                case .reshape: isLogits(graph.nodes[reader].output)
                default: false
                }
            }
    }

    /// Puts a node behind another and moves all numbers of later nodes.
    private mutating func insert(_ operation: FloatOperator, behind node: Int, name: String) {
        let value = graph.nodes[node].output
        let passed = ValueID(graph.values.count)
        graph.values.append(FloatGraph.Value(name: name, shape: graph.shape(of: value)))
        graph.replaceUses(of: value, with: passed)
        graph.nodes.insert(
            FloatGraph.Node(name: name, operation: operation, inputs: [value], output: passed),
            at: node + 1)
        func moved(_ index: Int) -> Int { index > node ? index + 1 : index }
        for other in tensors.indices {
            tensors[other].node = moved(tensors[other].node)
            tensors[other].clip = tensors[other].clip.map(moved)
            if tensors[other].source == value { tensors[other].source = passed }
            if tensors[other].value == value { tensors[other].value = passed }
        }
        clips = clips.map(moved)
        norms = norms.map { $0.map(moved) }
        inserted = inserted.map(moved)
    }

    /// A graph of this form without the clips that were put in, norms folded.
    func stripped(_ graph: FloatGraph) -> FloatGraph {
        var graph = graph
        for node in inserted.sorted(by: >) { graph.bypass(node) }
        graph.foldBatchNorms()
        return graph
    }
}

extension FloatOperator {
    fileprivate var convolutionBias: [Float]? {
        switch self {
        case .convolution(_, _, let bias), .depthwise(_, _, let bias): bias
        default: nil
        }
    }

    /// A convolution with a bias of zeros.
    fileprivate var withoutBias: FloatOperator {
        let zeros = convolutionBias?.map { _ in Float(0) } ?? []
        return switch self {
        case .convolution(let window, let weights, _):
            .convolution(window, weights: weights, bias: zeros)
        case .depthwise(let window, let weights, _):
            .depthwise(window, weights: weights, bias: zeros)
        default: self
        }
    }
}
