// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A float graph made trainable: parameters and gradients as flat vectors, forward and backward
/// passes over batches.
///
/// A value is `[sample][height][width][channels]`. The same graph, inputs and number of threads
/// give the same bits on the same machine.
package final class TrainableNetwork: @unchecked Sendable {
    /// What may be chosen when a network is made.
    package struct Options: Sendable {
        /// Samples of the largest batch.
        package var batch: Int
        /// Parts that a batch is cut into, one a core.
        package var threads: Int
        /// Whether `backward` also computes the gradient of the input.
        package var inputGradient = false
        /// Names of nodes whose parameters stay as they are.
        package var frozen: Set<String> = []
        /// Whether `affine` nodes learn; they hold constants such as the input's normalisation.
        package var trainsAffine = false
        /// What the network is rounded to in every pass; nil: nothing is.
        ///
        /// - Requires: the standard passes have run over the graph.
        package var quantisation: NetworkQuantisation?

        package init(batch: Int, threads: Int) {
            precondition(batch > 0 && threads > 0, "at least one sample and one thread")
            self.batch = batch
            self.threads = threads
        }
    }

    package let parameters: ParameterStore
    package let statistics: [RunningStatistics]
    package let options: Options
    /// The graph of the layers.
    let original: FloatGraph
    let rounded: RoundedGraph?
    let quantisers: QuantiserSet?
    private let layers: [BuiltLayer]
    /// Those layers that round in place of a clip, and all that round.
    let roundings: [RoundingLayer]
    let fitted: [any FittedLayer]
    let norms: [BatchNormLayer]
    private let input: Port
    private let logitsPort: Port
    /// Everything that layers point into.
    private let memory: [FloatMemory]
    private let scratch: FloatMemory
    private(set) var shards: Shards
    /// Whose hidden values are to be met, and which.
    private(set) var imitation: Imitation?

    /// - Throws: `GraphError` if the graph is not sound or has an operator that cannot be trained.
    package init(_ graph: FloatGraph, _ options: Options) throws(GraphError) {
        MatrixProduct.prepare()
        rounded = options.quantisation.map { RoundedGraph(graph, normalises: $0.normalises) }
        let graph = rounded?.graph ?? graph
        let builder = try NetworkBuilder(graph, rounded: rounded, options)
        original = graph
        quantisers = builder.quantisers
        self.options = options
        parameters = builder.parameters
        statistics = builder.statistics
        layers = builder.layers
        roundings = builder.layers.compactMap { $0.layer as? RoundingLayer }
        norms = builder.layers.compactMap { $0.layer as? BatchNormLayer }
        fitted = builder.layers.compactMap { $0.layer as? any FittedLayer }
        input = builder.port(graph.input, gradient: builder.plan.input)
        logitsPort = builder.port(builder.logits, gradient: builder.plan.logits)
        memory = builder.memory
        // Whole cache lines a shard, so that no two threads write one.
        let needed = (builder.layers.map(\.layer.scratchElements).max() ?? 0) + 15
        scratch = FloatMemory(needed / 16 * 16 * options.threads)
        shards = Shards(count: options.threads, samples: 0, scratch: scratch)
    }

    /// Where the caller puts a batch's samples before `forward`.
    package var inputs: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: input.data, count: options.batch * input.elements)
    }

    /// Numbers of one sample.
    package var inputElements: Int { input.elements }

    /// Classes, or numbers of one sample's output.
    package var outputElements: Int { logitsPort.elements }

    /// The outputs of the last forward pass, `[sample][class]`, before a softmax that ends the graph.
    package var logits: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            start: logitsPort.data, count: shards.samples * logitsPort.elements)
    }

    /// Where the caller puts the loss's gradient by the logits before `backward`.
    package var logitsGradient: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            start: logitsPort.gradient, count: shards.samples * logitsPort.elements)
    }

    /// The gradient of the inputs after `backward`, if `options.inputGradient`.
    package var inputsGradient: UnsafeMutableBufferPointer<Float>? {
        input.gradient.map {
            UnsafeMutableBufferPointer(start: $0, count: shards.samples * input.elements)
        }
    }

    /// Computes the logits of the first `samples` samples of `inputs`.
    ///
    /// - Requires: `samples` is 1 to the largest batch.
    package func forward(samples: Int, statistics: BatchStatistics) {
        precondition((1...options.batch).contains(samples), "1 to \(options.batch) samples")
        shards = Shards(count: options.threads, samples: samples, scratch: scratch)
        let pass = Pass(shards: shards, statistics: statistics)
        quantisers?.prepare(parameters)
        for built in layers { built.layer.forward(pass) }
    }

    /// The activations, by the names of their nodes.
    var hiddenValues: [(place: Int, name: String, port: Port)] {
        layers.enumerated().compactMap { place, built in
            guard let node = original.nodes.first(where: { $0.output == built.value }) else {
                return nil
            }
            return switch node.operation {
            case .clip, .lstm, .gru: (place, node.name, built.output)
            default: nil
            }
        }
    }

    /// Lets the loss see how far the activations are from those of the same name and shape in a
    /// teacher, which is to run forward on the same samples before `evaluate`.
    ///
    /// A network without activations has nothing to see.
    ///
    /// - Throws: `GraphError` if the teacher has none of them.
    package func imitate(_ teacher: TrainableNetwork) throws(GraphError) {
        let values = hiddenValues
        guard !values.isEmpty else { return }
        imitation = try Imitation(values, of: original, teacher: teacher)
    }

    /// Computes the gradients of all parameters from `logitsGradient` and, behind `imitate`, from
    /// the activations.
    ///
    /// - Requires: the last `forward` had the same statistics.
    package func backward(statistics: BatchStatistics) {
        let pass = Pass(shards: shards, statistics: statistics)
        for (place, built) in layers.enumerated().reversed() where built.isBackward {
            imitation?.addGradient(place: place, shards)
            built.layer.backward(pass)
            for sum in built.sums {
                shards.run { shard in
                    let start = shard.samples.lowerBound * sum.elements
                    (sum.total + start).add(
                        sum.part + start, count: shard.samples.count * sum.elements)
                }
            }
        }
        parameters.reduce()
        quantisers?.mapGradients(parameters)
    }
}
