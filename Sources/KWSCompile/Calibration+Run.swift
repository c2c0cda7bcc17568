// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import KWSGraph
package import KWSPasses

extension Calibration {
    /// Runs a float graph on features, on all cores; the result does not depend on their number.
    ///
    /// A limit is the upper quartile of the inputs' own extremes: three of four clips fit, and the
    /// loudest quarter saturates a little in return for finer steps everywhere (Sources/DESIGN.md,
    /// "Ranges").
    ///
    /// - Parameter advance: called once an input, from any thread.
    package init(
        _ graph: FloatGraph, inputs: [[Float]], advance: @Sendable () -> Void = {}
    ) {
        typealias Range = (lower: Float, upper: Float)
        let probes = graph.nodes.compactMap { node in
            RecurrentProbe(node, in: graph).map { (node, $0) }
        }
        var states = Array(repeating: [RecurrentRanges](), count: inputs.count)
        var results = Array(repeating: [Range](), count: inputs.count)
        states.withUnsafeMutableBufferPointer { states in
            nonisolated(unsafe) let states = states
            results.withUnsafeMutableBufferPointer { results in
                nonisolated(unsafe) let results = results
                let workers = min(8, max(1, inputs.count))
                DispatchQueue.concurrentPerform(iterations: workers) { worker in
                    var evaluator = FloatEvaluator(graph)
                    for index in stride(from: worker, to: inputs.count, by: workers) {
                        evaluator.run(inputs[index])
                        results[index] = graph.values.indices.map { value in
                            evaluator[ValueID(value)].reduce(into: Range(0, 0)) { range, x in
                                range.lower = min(range.lower, x)
                                range.upper = max(range.upper, x)
                            }
                        }
                        states[index] = probes.map { node, probe in
                            probe(Array(evaluator[node.inputs[0]]))
                        }
                        advance()
                    }
                }
            }
        }
        let seen = results
        var ranges = graph.values.indices.map { value in
            Range(
                -Calibration.upperQuartile(seen.map { -$0[value].lower }),
                Calibration.upperQuartile(seen.map { $0[value].upper }))
        }
        // A keyword may be rare in the recordings, or missing: logits, and what they are sums of, get room
        // for its being sure.
        for value in graph.logits.flatMap(graph.summands) {
            ranges[value.index] = Range(
                seen.reduce(0) { min($0, $1[value.index].lower) },
                seen.reduce(0) { max($0, $1[value.index].upper) })
        }
        for value in graph.logits {
            let most = seen.reduce(0) { max($0, $1[value.index].upper, -$1[value.index].lower) }
            ranges[value.index] = Range(-most, most)
            if let node = graph.producer(of: value),
                case .clip(let lower, let upper) = graph.nodes[node].operation
            {
                ranges[value.index] = Range(max(-most, lower), min(most, upper))
            }
        }
        var bounds: [Int: RecurrentRanges] = [:]
        for (index, (node, _)) in probes.enumerated() {
            // All of it: what is cut off a state, later steps cannot make good.
            bounds[node.output.index] = states.reduce(into: RecurrentRanges()) {
                $0.extend($1[index])
            }
        }
        self.init(ranges: ranges, moments: InputMoments.of(graph, inputs: inputs), states: bounds)
        recurrentMoments = RecurrentMoments.of(graph, inputs: inputs)
    }

    private static func upperQuartile(_ numbers: [Float]) -> Float {
        numbers.isEmpty ? 0 : numbers.sorted()[numbers.count * 3 / 4]
    }
}

extension FloatGraph {
    /// What softmaxes read, and the output.
    fileprivate var logits: [ValueID] {
        nodes.flatMap { node in
            if case .softmax = node.operation { node.inputs } else { [ValueID]() }
        } + [output]
    }

    /// What a node reads to make a value.
    fileprivate func summands(of value: ValueID) -> [ValueID] {
        producer(of: value).map { nodes[$0].inputs } ?? []
    }
}
