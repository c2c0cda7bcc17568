// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSModelFile
internal import KWSTrain

extension Recipe.Quantisation {
    /// What widths start from where they are learned: 4 bits as in Uhlich et al. (2020) if that is
    /// enough for the budget, else those of an ordinary integer model.
    private static func start(_ budget: Double?) -> Int { budget ?? 8 <= 4 ? 4 : 8 }

    func network(input: InputQuantisation, graph: FloatGraph) -> NetworkQuantisation {
        let budget = budget(for: graph)
        func widths(_ widths: Widths, _ budget: Double?) -> NetworkQuantisation.Widths {
            switch (widths, form) {
            case (.fixed(let bits, let layers), _): .fixed(bits, layers: layers)
            case (.learned, .brevitas): .brevitas(from: Self.start(budget))
            case (.learned, .uhlich): .uhlich(from: Self.start(budget))
            case (.learned, .measured): .measured(from: Self.start(budget))
            }
        }
        return NetworkQuantisation(
            input: input, weights: widths(weights, budget.weights),
            activations: widths(activations, budget.activations))
    }

    var isLearned: Bool { weights.isLearned || activations.isLearned }

    /// The budget in effect when a share of the learning is done, for widths that are measured: from
    /// the start in a line to the budget itself.
    func budget(for graph: FloatGraph, done share: Double) -> WidthBudget {
        func between(_ budget: Double?) -> Double? {
            budget.map {
                let start = Double(Self.start($0))
                return max($0, start + ($0 - start) * share)
            }
        }
        let budget = budget(for: graph)
        return WidthBudget(
            weights: between(budget.weights), activations: between(budget.activations))
    }

    /// The budgets in bits a number.
    func budget(for graph: FloatGraph) -> WidthBudget {
        var budget = WidthBudget(weights: weightBits, activations: activationBits)
        if let budgetBytes {
            // Multiplier and bias of each channel; pools and softmax have one pair each.
            let (weights, channels, others) = graph.nodes.reduce((0, 0, 0)) { sum, node in
                switch node.operation {
                case .convolution(_, let weights, let bias), .depthwise(_, let weights, let bias),
                    .dense(let weights, let bias):
                    (sum.0 + weights.count, sum.1 + bias.count, sum.2)
                default: (sum.0, sum.1, sum.2 + 1)
                }
            }
            budget.weights =
                8 * Double(budgetBytes - 6 * channels - 8 * others) / Double(max(1, weights))
        }
        return budget
    }

    /// What widths cost over a run of `steps` learning steps.
    ///
    /// Prices rise so that a mean one bit above its budget all the time costs 1 a bit in the end,
    /// about as much as the loss of a network that knows nothing.
    func cost(for graph: FloatGraph, steps: Int) -> WidthCost? {
        guard isLearned, form != .measured else { return nil }
        let budget = budget(for: graph)
        if budget == WidthBudget() {
            return .prices(
                weights: weights.isLearned ? price : 0,
                activations: activations.isLearned ? price : 0)
        }
        return .budget(budget, rate: 1 / Double(max(1, steps)))
    }
}
