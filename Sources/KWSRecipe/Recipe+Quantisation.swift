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

    /// Whether a network with fine features reads them: its first layers then have weights of 8 bits,
    /// which is not worth it where a recurrent one was to be narrower, or to learn its width.
    func readsFinePlane(_ graph: FloatGraph) -> Bool {
        graph.consumers(of: graph.input).contains { reader in
            let node = graph.nodes[reader]
            guard node.operation.recurrence != nil else { return true }
            guard case .fixed(let bits, let layers) = weights else { return false }
            return layers[node.name] ?? bits > 4
        }
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
            let (weights, bytes) = graph.nodes.reduce((0, 0)) { sum, node in
                (sum.0 + node.operation.weightCount, sum.1 + node.operation.channelBytes)
            }
            budget.weights = 8 * Double(budgetBytes - bytes) / Double(max(1, weights))
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

extension FloatOperator {
    /// Bytes of what is stored beside weights: multiplier and bias of each channel, where pools and
    /// softmax have one pair each, and recurrent layers two multipliers a row.
    fileprivate var channelBytes: Int {
        switch self {
        case .convolution(_, _, let bias), .depthwise(_, _, let bias), .dense(_, let bias):
            6 * bias.count
        case .lstm(let lstm):
            8 + 8 * lstm.bias.count + 2 * (lstm.peepholes?.count ?? 0)
                + (lstm.projection == nil ? 0 : 6 * lstm.outputs)
        case .gru(let gru):
            8 + 8 * gru.bias.count + (gru.resetsAfter ? 4 * gru.recurrence.units : 0)
        default: 8
        }
    }
}
