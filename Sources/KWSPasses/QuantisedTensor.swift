// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A tensor of the integer graph that has a quantisation of its own; those that only select or
/// reorder numbers share that of what they read.
package struct QuantisedTensor: Sendable {
    /// What one count of the accumulator before the tensor is worth.
    package enum Unit: Sendable {
        /// A step of the input times one of the weights.
        case weights
        /// So large a part of a step of the input.
        case share(Int)
        /// A recurrent layer's state, of 16 bits; or of the layer's weights, of a projection that reads
        /// bytes from -1 to 1.
        case state
        /// No accumulator.
        case none

        /// Whether the layer has weights on a grid.
        package var hasWeights: Bool {
            switch self {
            case .weights, .state: true
            case .share, .none: false
            }
        }
    }

    /// The float node that computes it, and the clip for which its saturation stands.
    package var node: Int
    package var clip: Int?
    /// The value that it carries: the clip's, if there is one.
    package var value: ValueID
    /// The value whose quantisation the node's first input has: a tensor of its own, or the graph's
    /// input.
    package var source: ValueID
    package var unit: Unit
    /// Whether only 8 bits will do.
    package var needsBytes: Bool
}

extension FloatGraph {
    /// The tensors in execution order.
    ///
    /// - Requires: the standard passes have run.
    package var quantisedTensors: [QuantisedTensor] {
        var tensors: [QuantisedTensor] = []
        // The value whose quantisation a value has.
        var carrier = values.indices.map(ValueID.init)
        var skip: Set<Int> = []
        for (index, node) in nodes.enumerated() where !skip.contains(index) {
            let source = carrier[node.inputs[0].index]
            let clip = absorbedClip(of: node)
            if let clip { skip.insert(clip) }
            let output = clip.map { nodes[$0].output } ?? node.output
            let unit: QuantisedTensor.Unit
            switch node.operation {
            case .convolution, .depthwise, .dense: unit = .weights
            case .averagePool(let window): unit = .share(window.taps)
            case .add, .clip, .concatenate: unit = .none
            case .lstm, .gru: unit = .state
            case .maxPool, .reshape, .transpose:
                carrier[output.index] = source
                continue
            case .softmax, .batchNorm, .affine:
                continue
            }
            tensors.append(
                QuantisedTensor(
                    node: index, clip: clip, value: output, source: source, unit: unit,
                    needsBytes: needsBytes(output, bits: 2) || sharesBytes(node)
                        || node.operation.recurrence != nil))
        }
        return tensors
    }

    /// Whether parts of a concatenation would share a byte at 2 bits.
    private func sharesBytes(_ node: Node) -> Bool {
        guard case .concatenate = node.operation else { return false }
        return node.inputs.contains { shape(of: $0).image.channels % 4 != 0 }
    }

    /// The clip whose work the saturation of a node does: its only reader, behind an operator that
    /// saturates.
    func absorbedClip(of node: Node) -> Int? {
        guard node.operation.saturates, let next = consumers(of: node.output).first,
            isPrivate(node.output, to: next), case .clip = nodes[next].operation
        else { return nil }
        return next
    }

    /// Whether a tensor that would have `bits` needs 8: a reader, or one behind views of the same
    /// numbers, takes nothing else.
    func needsBytes(_ value: ValueID, bits: Int) -> Bool {
        guard value != output else { return true }
        return consumers(of: value).contains { index in
            let node = nodes[index]
            switch node.operation {
            case .softmax: return true
            // A sum is not wider than what it is of; the others keep the numbers as they are.
            case .add, .clip, .maxPool, .transpose: return needsBytes(node.output, bits: bits)
            case .reshape:
                return needsBytes(node.output, bits: bits)
                    || [value, node.output].contains {
                        shape(of: $0).image.channels * bits % 8 != 0
                    }
            default: return false
            }
        }
    }
}
