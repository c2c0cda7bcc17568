// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import KWSGraph
internal import KWSPasses

/// Chooses the widths of layers' weights without training, by what each costs the output.
///
/// Each layer's weights alone are rounded to each width; what that does to the scores p of
/// representative inputs, the divergence `sum (p - q)^2 / (p + q)` from those of the float network, is
/// the layer's sensitivity. From 8 bits everywhere, the step to the next width that loses least for a
/// byte saved is taken until the budget holds (as in Dong et al. 2020, HAWQ-V2, section 3.2, with
/// measured divergence in place of the Hessian's trace).
package struct WidthSearch: Sendable {
    package struct Layer: Sendable {
        package var name: String
        package var weights: Int
        /// The divergence at each of `Widths.weightBits`, 8 first.
        package var divergence: [Double]
    }

    /// In execution order.
    package let layers: [Layer]

    /// Measures all layers on all cores.
    ///
    /// - Parameters:
    ///   - graph: after the standard passes.
    ///   - inputs: of the network.
    ///   - advance: called once a layer and width, from any thread.
    package init(
        _ graph: FloatGraph, inputs: [[Float]], advance: @Sendable () -> Void = {}
    ) {
        let moments = Quantise.Moments(graph, inputs: inputs)
        let nodes = graph.nodes.indices.filter { graph.nodes[$0].operation.weightCount > 0 }
        let widths = Widths.weightBits
        let expected = WidthSearch.scores(graph, inputs)
        var results = Array(repeating: 0.0, count: nodes.count * widths.count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            DispatchQueue.concurrentPerform(iterations: results.count) { index in
                let node = nodes[index / widths.count]
                var changed = graph
                changed.nodes[node].operation = Quantise.rounded(
                    graph.nodes[node], bits: widths[index % widths.count], moments: moments)
                results[index] = WidthSearch.divergence(
                    WidthSearch.scores(changed, inputs), from: expected)
                advance()
            }
        }
        layers = nodes.enumerated().map { number, node in
            Layer(
                name: graph.nodes[node].name, weights: graph.nodes[node].operation.weightCount,
                divergence: Array(
                    results[number * widths.count..<(number + 1) * widths.count]))
        }
    }

    /// The widths of layers within a budget of bits a weight.
    ///
    /// - Returns: nil if 2 bits everywhere are more.
    package func widths(within bits: Double) -> [String: Int]? {
        var choice = Array(repeating: 0, count: layers.count)
        let all = Widths.weightBits
        let most = bits * Double(layers.reduce(0) { $0 + $1.weights })
        func stored() -> Double {
            zip(layers, choice).reduce(0) { $0 + Double($1.0.weights * all[$1.1]) }
        }
        while stored() > most + 1e-9 {
            var best: (layer: Int, width: Int, price: Double)?
            for (index, layer) in layers.enumerated() {
                // A width may be no worse than the one above it; then it is skipped.
                for width in choice[index] + 1..<max(choice[index] + 1, all.count) {
                    let lost = layer.divergence[width] - layer.divergence[choice[index]]
                    let saved = Double(layer.weights * (all[choice[index]] - all[width]))
                    if lost / saved < best?.price ?? .infinity {
                        best = (index, width, lost / saved)
                    }
                }
            }
            guard let best else { return nil }
            choice[best.layer] = best.width
        }
        return Dictionary(
            zip(layers, choice).map { ($0.name, all[$1]) }, uniquingKeysWith: { first, _ in first })
    }

    private static func scores(_ graph: FloatGraph, _ inputs: [[Float]]) -> [[Float]] {
        var evaluator = FloatEvaluator(graph)
        return inputs.map { evaluator($0) }
    }

    /// The mean of `sum (p - q)^2 / |p + q|`, which unlike `sum p log(p / q)` bears zeros.
    private static func divergence(_ found: [[Float]], from expected: [[Float]]) -> Double {
        let sum = zip(found, expected).reduce(0.0) { sum, pair in
            zip(pair.0, pair.1).reduce(sum) { sum, pair in
                let (q, p) = (Double(pair.0), Double(pair.1))
                return sum + (p - q) * (p - q) / max(1e-9, abs(p + q))
            }
        }
        return sum / Double(max(1, expected.count))
    }
}
