// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension Lowering {
    /// The bits of a value's tensor: those asked for, but 8 where a reader, or one behind views of
    /// the same numbers, takes nothing else.
    func activationBits(_ value: ValueID) -> Int {
        graph.needsBytes(value, bits: widths.activations) ? 8 : widths.activations
    }

    /// The bits of a concatenation: parts may not share a byte.
    func partBits(_ inputs: [TensorID], _ output: ValueID) -> Int {
        let fits = inputs.allSatisfy { tensors[$0.index].channels * widths.activations % 8 == 0 }
        return fits || inputs.count == 1 ? activationBits(output) : 8
    }

    /// Whether all readers of a value look at its elements in memory order only.
    func orderOnly(_ value: ValueID) -> Bool {
        guard value != graph.output else { return false }
        return graph.consumers(of: value).allSatisfy { index in
            switch graph.nodes[index].operation {
            case .dense: true
            case .reshape: orderOnly(graph.nodes[index].output)
            default: false
            }
        }
    }

    mutating func newTensor(
        _ node: FloatGraph.Node, _ value: ValueID, like quantisation: Quantisation? = nil,
        bits: Int? = nil
    ) -> TensorID {
        let id = TensorID(tensors.count)
        tensors.append(
            QuantGraph.Tensor(
                name: graph.values[value.index].name, shape: graph.shape(of: value),
                quantisation: quantisation ?? learned?[node.name]?.output
                    ?? self.quantisation(of: value, bits: bits ?? activationBits(value)),
                value: value))
        carrier[value.index] = id
        return id
    }

    /// By the range of the calibration.
    private func quantisation(of value: ValueID, bits: Int) -> Quantisation {
        let range = calibration.ranges[value.index]
        return Quantisation(lower: Double(range.lower), upper: Double(range.upper), bits: bits)
    }

    /// Gives a tensor a range wide enough that one count of an accumulator, `unit`, is less than half
    /// a step, as 16-bit multipliers ask. An accumulator that small has few counts to tell apart.
    mutating func widen(_ tensor: TensorID, toTake unit: Double) {
        let y = tensors[tensor.index].quantisation
        let largest = 32767.0 / 65536
        let middle = (y.largest + 1) / 2
        guard unit / y.scale > largest else { return }
        let scale = unit / largest
        if let saturation {
            // ReLU keeps its zero point; an upper limit must stay the last step.
            guard saturation.lower == 0, Double(saturation.upper) >= Double(y.largest) * scale
            else {
                return
            }
        }
        tensors[tensor.index].quantisation.scale = scale
        tensors[tensor.index].quantisation.zeroPoint =
            y.zeroPoint == 0
            ? 0 : middle + Int((Double(y.zeroPoint - middle) * y.scale / scale).rounded())
    }
}
