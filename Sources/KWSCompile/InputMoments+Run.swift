// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import KWSGraph
internal import KWSPasses

extension InputMoments {
    /// Samples that are enough for a layer's covariance: with more the result hardly changes.
    private static let enough = 16384

    /// Of every linear layer of a graph on its inputs, by the index of the layer's output; on all
    /// cores, without the result depending on their number.
    static func of(_ graph: FloatGraph, inputs: [[Float]]) -> [Int: InputMoments] {
        let empty = Dictionary(
            uniqueKeysWithValues: graph.nodes.compactMap { node in
                InputMoments(node, in: graph).map { (node.output.index, $0) }
            })
        let workers = min(4, max(1, inputs.count))
        var parts = Array(repeating: empty, count: workers)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                var evaluator = FloatEvaluator(graph)
                var moments = empty
                for index in stride(from: worker, to: inputs.count, by: workers) {
                    evaluator.run(inputs[index])
                    for node in graph.nodes {
                        moments[node.output.index]?.add(
                            node, in: graph, input: Array(evaluator[node.inputs[0]]),
                            most: max(1, enough / inputs.count))
                    }
                }
                parts[worker] = moments
            }
        }
        return parts.dropFirst().reduce(into: parts[0]) { sum, part in
            for (value, moments) in part { sum[value]?.add(moments) }
        }
    }

    /// Takes in what a node's windows see, `most` of them at even distances.
    private mutating func add(
        _ node: FloatGraph.Node, in graph: FloatGraph, input: [Float], most: Int
    ) {
        let (height, width, channels) = graph.shape(of: node.inputs[0]).image
        let out = graph.shape(of: node.output).image
        let window: Window
        let isDepthwise: Bool
        switch node.operation {
        case .convolution(let w, _, _): (window, isDepthwise) = (w, false)
        case .depthwise(let w, _, _): (window, isDepthwise) = (w, true)
        default:
            add(input, set: 0)
            return
        }
        let each = isDepthwise ? 1 : channels
        var sample = Array(repeating: Float(0), count: taps)
        let step = max(1, (out.height * out.width + most - 1) / most)
        for position in stride(from: 0, to: out.height * out.width, by: step) {
            let top = position / out.width * window.strideHeight - window.top
            let left = position % out.width * window.strideWidth - window.left
            for set in 0..<(isDepthwise ? channels : 1) {
                for tap in 0..<window.taps {
                    let r = top + tap / window.kernelWidth
                    let c = left + tap % window.kernelWidth
                    let inside = r >= 0 && r < height && c >= 0 && c < width
                    for i in 0..<each {
                        sample[tap * each + i] =
                            inside ? input[(r * width + c) * channels + set + i] : 0
                    }
                }
                add(sample, set: set)
            }
        }
    }
}
