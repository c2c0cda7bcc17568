// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension TrainableNetwork {
    /// The graph with the parameters and running statistics of now; rounded, if the network is.
    package var graph: FloatGraph {
        var graph = original
        quantisers?.prepare(parameters)
        for slice in parameters.slices where slice.isOfGraph {
            graph.nodes[slice.node].operation.replace(
                slice.role, by: Array(parameters.effective[slice.range]))
        }
        for running in statistics {
            guard case .batchNorm(var norm) = graph.nodes[running.node].operation else { continue }
            norm.mean = Array(running.mean)
            norm.variance = Array(running.variance)
            graph.nodes[running.node].operation = .batchNorm(norm)
        }
        return rounded?.stripped(graph) ?? graph
    }

    /// Takes over the numbers of a graph with the same nodes.
    ///
    /// - Requires: a bias that is no parameter here is zero there.
    package func assign(_ graph: FloatGraph) {
        precondition(graph.nodes.count == original.nodes.count, "the same nodes")
        for slice in parameters.slices {
            let numbers = graph.nodes[slice.node].operation.numbers(slice.role)
            precondition(numbers.count == slice.range.count, "the same shapes")
            _ = parameters.values[slice.range].update(fromContentsOf: numbers)
        }
        for running in statistics {
            guard case .batchNorm(let norm) = graph.nodes[running.node].operation else { continue }
            _ = running.mean.update(fromContentsOf: norm.mean)
            _ = running.variance.update(fromContentsOf: norm.variance)
        }
    }
}

extension FloatOperator {
    /// - Requires: the operator has numbers of that role.
    fileprivate func numbers(_ role: ParameterSlice.Role) -> [Float] {
        switch (self, role) {
        case (.convolution(_, let weights, _), .weights), (.depthwise(_, let weights, _), .weights),
            (.dense(let weights, _), .weights):
            weights
        case (.convolution(_, _, let bias), .bias), (.depthwise(_, _, let bias), .bias),
            (.dense(_, let bias), .bias):
            bias
        case (.lstm(let lstm), _): lstm[role] ?? []
        case (.gru(let gru), _): gru[role] ?? []
        case (.batchNorm(let norm), .scale): norm.gamma
        case (.batchNorm(let norm), .offset): norm.beta
        case (.affine(let scale, _), .scale): scale
        case (.affine(_, let offset), .offset): offset
        default: preconditionFailure("\(name) has no \(role.rawValue)")
        }
    }

    /// - Requires: the operator has numbers of that role, as many as given.
    fileprivate mutating func replace(_ role: ParameterSlice.Role, by numbers: [Float]) {
        switch (self, role) {
        case (.convolution(let window, _, let bias), .weights):
            self = .convolution(window, weights: numbers, bias: bias)
        case (.convolution(let window, let weights, _), .bias):
            self = .convolution(window, weights: weights, bias: numbers)
        case (.depthwise(let window, _, let bias), .weights):
            self = .depthwise(window, weights: numbers, bias: bias)
        case (.depthwise(let window, let weights, _), .bias):
            self = .depthwise(window, weights: weights, bias: numbers)
        case (.dense(_, let bias), .weights):
            self = .dense(weights: numbers, bias: bias)
        case (.dense(let weights, _), .bias):
            self = .dense(weights: weights, bias: numbers)
        case (.lstm(var lstm), _):
            lstm[role] = numbers
            self = .lstm(lstm)
        case (.gru(var gru), _):
            gru[role] = numbers
            self = .gru(gru)
        case (.batchNorm(var norm), .scale):
            norm.gamma = numbers
            self = .batchNorm(norm)
        case (.batchNorm(var norm), .offset):
            norm.beta = numbers
            self = .batchNorm(norm)
        case (.affine(_, let offset), .scale):
            self = .affine(scale: numbers, offset: offset)
        case (.affine(let scale, _), .offset):
            self = .affine(scale: scale, offset: numbers)
        default:
            preconditionFailure("\(name) has no \(role.rawValue)")
        }
    }
}
