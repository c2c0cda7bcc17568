// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSPasses

/// A graph with a clip for each tensor of its integer form, where the network rounds; recurrent layers
/// round themselves, for they read what they put out.
struct RoundedGraph {
    private(set) var graph: FloatGraph
    /// The tensors, their nodes and values as in `graph`.
    private(set) var tensors: [QuantisedTensor]
    /// The clip, or recurrent layer, that rounds each tensor.
    private(set) var clips: [Int]
    /// Those clips that the original does not have; they let everything pass.
    private(set) var inserted: [Int] = []

    init(_ original: FloatGraph) {
        graph = original
        tensors = original.quantisedTensors
        clips = []
        for index in tensors.indices {
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
            insert(behind: tensor.node, tensor: index)
        }
    }

    /// Puts a clip behind a node and moves all numbers of later nodes.
    private mutating func insert(behind node: Int, tensor: Int) {
        let name = "\(graph.nodes[node].name)/rounding"
        let value = graph.nodes[node].output
        let rounded = ValueID(graph.values.count)
        graph.values.append(FloatGraph.Value(name: name, shape: graph.shape(of: value)))
        graph.replaceUses(of: value, with: rounded)
        graph.nodes.insert(
            FloatGraph.Node(
                name: name, operation: .clip(lower: -.infinity, upper: .infinity), inputs: [value],
                output: rounded), at: node + 1)
        func moved(_ index: Int) -> Int { index > node ? index + 1 : index }
        for other in tensors.indices {
            tensors[other].node = moved(tensors[other].node)
            tensors[other].clip = tensors[other].clip.map(moved)
            if tensors[other].source == value { tensors[other].source = rounded }
        }
        tensors[tensor].value = rounded
        clips = clips.map(moved) + [node + 1]
        inserted = inserted.map(moved) + [node + 1]
    }

    /// A graph of this form without the clips that were put in.
    func stripped(_ graph: FloatGraph) -> FloatGraph {
        var graph = graph
        for node in inserted.sorted(by: >) { graph.bypass(node) }
        return graph
    }
}
