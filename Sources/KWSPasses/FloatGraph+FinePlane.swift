// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension FloatGraph {
    /// Whether a fine plane would be read at all: its weights are a sixteenth of the coarse ones, so
    /// with 4 bits or fewer they are less than half a level and become 0.
    package func readsFinePlane(_ widths: Widths) -> Bool {
        consumers(of: input).contains { widths.weights(of: nodes[$0].name) > 4 }
    }

    /// The same network on an input whose features are pairs (coarse, fine) of
    /// `real = coarse + fine / 16`: every first layer gets the fine weights `w / 16` beside its own.
    ///
    /// - Throws: `GraphError` if a first layer is neither a convolution of a one-channel input nor
    ///   dense or recurrent.
    func withFinePlane() throws(GraphError) -> FloatGraph {
        var graph = self
        let shape = self.shape(of: input)
        for index in consumers(of: input) {
            switch nodes[index].operation {
            case .convolution(let window, let weights, let bias) where shape.image.channels == 1:
                graph.nodes[index].operation = .convolution(
                    window, weights: FloatGraph.paired(weights), bias: bias)
            case .dense(let weights, let bias):
                graph.nodes[index].operation = .dense(
                    weights: FloatGraph.paired(weights), bias: bias)
            case .lstm(var lstm) where shape.rank == 3:
                lstm.weights = FloatGraph.paired(lstm.weights)
                lstm.recurrence.inputs *= 2
                graph.nodes[index].operation = .lstm(lstm)
            case .gru(var gru) where shape.rank == 3:
                gru.weights = FloatGraph.paired(gru.weights)
                gru.recurrence.inputs *= 2
                graph.nodes[index].operation = .gru(gru)
            default:
                throw GraphError(
                    node: nodes[index].name,
                    fact: "reads the input with \(nodes[index].operation.name) of "
                        + "\(shape.image.channels) channel(s); a fine plane needs a convolution "
                        + "of one channel, a dense or a recurrent layer there")
            }
        }
        let (height, width, channels) = shape.image
        graph.values[input.index].shape =
            channels == 1 ? [height, width, 2] : [height, width * channels, 2]
        return graph
    }

    private static func paired(_ weights: [Float]) -> [Float] {
        weights.flatMap { [$0, $0 / 16] }
    }
}
