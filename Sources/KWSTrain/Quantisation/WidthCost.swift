// SPDX-License-Identifier: Apache-2.0

/// What bits cost while widths are learned, on top of the loss.
package enum WidthCost: Sendable {
    /// So much for each bit of the mean over all weights, and over all activations, of grids
    /// (`lambda_w B_w + lambda_a B_a`, Peter, Roth, Pernkopf 2021).
    case prices(weights: Double, activations: Double)
    /// Prices that start at 0 and rise by `rate` a step and a bit that the mean of stored bits is
    /// above the budget, and fall where it is below: dual ascent on the constraint. Layers whose
    /// bits matter least a byte go first.
    case budget(WidthBudget, rate: Double)
}

extension QuantiserSet {
    /// Adds a cost's gradients to those of the widths and moves its prices.
    ///
    /// - Returns: the cost.
    func add(_ cost: WidthCost, _ store: ParameterStore) -> Double {
        guard !areWidthsFixed else { return 0 }
        var total = 0.0
        func add(
            _ items: [(count: Int, bits: Int, width: ParameterSlice, slope: Double)],
            storable: [Int], number: Int, price: Double?, budget: Double?, rate: Double
        ) {
            let at = prices.range.lowerBound + number
            let all = Double(max(1, items.reduce(0) { $0 + $1.count }))
            let price = price ?? Double(store.values[at])
            var mean = 0.0
            for item in items {
                let share = Double(item.count) / all
                let bits = budget == nil ? item.bits : storable.first { $0 >= item.bits } ?? 8
                mean += share * Double(bits)
                store.gradients[item.width.range.lowerBound] += Float(price * share * item.slope)
            }
            total += price * mean
            if let budget {
                store.values[at] = Float(max(0, price + rate * (mean - budget)))
            }
        }
        let weights = weights.map { quantiser in
            (
                quantiser.count, quantiser.bits(store), quantiser.width,
                quantiser.form.bitsSlope(
                    store.values[quantiser.width.range.lowerBound], .signed)
            )
        }
        let activations = activations.map { quantiser in
            (
                quantiser.elements, quantiser.bits(store), quantiser.width,
                quantiser.form.bitsSlope(
                    store.values[quantiser.width.range.lowerBound], quantiser.kind(store))
            )
        }
        var given: (Double?, Double?) = (nil, nil)
        var budget = WidthBudget()
        var rate = 0.0
        switch cost {
        case .prices(let weights, let activations): given = (weights, activations)
        case .budget(let most, let step): (budget, rate) = (most, step)
        }
        add(
            weights, storable: WidthTable.weightBits, number: 0, price: given.0,
            budget: budget.weights, rate: rate)
        add(
            activations, storable: WidthTable.activationBits, number: 1, price: given.1,
            budget: budget.activations, rate: rate)
        return total
    }
}
