// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension NetworkBuilder {
    /// The slices of a graph in execution order, with their numbers.
    ///
    /// A bias of zeros before a batch norm is none, as the importers deliver it, and stays none: the
    /// norm's own offset does its work.
    static func slices(
        of graph: FloatGraph, _ options: TrainableNetwork.Options
    ) -> [(slice: ParameterSlice, numbers: [Float])] {
        var slices: [(slice: ParameterSlice, numbers: [Float])] = []
        var end = 0
        for (index, node) in graph.nodes.enumerated() {
            func add(
                _ role: ParameterSlice.Role, _ numbers: [Float], _ shape: [Int],
                learns: Bool = true
            ) {
                let slice = ParameterSlice(
                    node: index, name: node.name, role: role, range: end..<end + numbers.count,
                    shape: shape, trainable: learns && !options.frozen.contains(node.name))
                slices.append((slice, numbers))
                end += numbers.count
            }
            func addBias(_ bias: [Float]) {
                let readers = graph.consumers(of: node.output)
                if bias.allSatisfy({ $0 == 0 }), let reader = readers.first, readers.count == 1,
                    case .batchNorm = graph.nodes[reader].operation
                {
                    return
                }
                add(.bias, bias, [bias.count])
            }
            switch node.operation {
            case .convolution(let window, let weights, let bias):
                let kernel = [window.kernelHeight, window.kernelWidth]
                add(
                    .weights, weights,
                    [bias.count] + kernel + [weights.count / bias.count / window.taps])
                addBias(bias)
            case .depthwise(let window, let weights, let bias):
                add(.weights, weights, [window.kernelHeight, window.kernelWidth, bias.count])
                addBias(bias)
            case .dense(let weights, let bias):
                add(.weights, weights, [bias.count, weights.count / bias.count])
                addBias(bias)
            case .lstm(let lstm):
                let (gates, units) = (LSTM.gates, lstm.recurrence.units)
                add(.weights, lstm.weights, [gates, units, lstm.recurrence.inputs])
                add(.recurrentWeights, lstm.recurrentWeights, [gates, units, lstm.outputs])
                add(.bias, lstm.bias, [gates, units])
                if let peepholes = lstm.peepholes { add(.peepholes, peepholes, [3, units]) }
                if let projection = lstm.projection {
                    add(.projection, projection, [lstm.outputs, units])
                }
            case .gru(let gru):
                let (gates, units) = (GRU.gates, gru.recurrence.units)
                add(.weights, gru.weights, [gates, units, gru.recurrence.inputs])
                add(.recurrentWeights, gru.recurrentWeights, [gates, units, units])
                add(.bias, gru.bias, [gates, units])
                if let bias = gru.recurrentBias { add(.recurrentBias, bias, [units]) }
            case .batchNorm(let norm):
                add(.scale, norm.gamma, [norm.gamma.count])
                add(.offset, norm.beta, [norm.beta.count])
            case .affine(let scale, let offset):
                add(.scale, scale, [scale.count], learns: options.trainsAffine)
                add(.offset, offset, [offset.count], learns: options.trainsAffine)
            default: break
            }
        }
        return slices
    }
}
