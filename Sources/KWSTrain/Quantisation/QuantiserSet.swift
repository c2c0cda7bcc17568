// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// All quantisers of a network.
final class QuantiserSet: @unchecked Sendable {
    let input: InputQuantisation
    let weights: [WeightQuantiser]
    /// In execution order.
    let activations: [ActivationQuantiser]
    /// The prices of a bit of weights and of activations.
    let prices: ParameterSlice
    let state = QuantiserState()
    /// Whether widths are as they are for good.
    private(set) var areWidthsFixed = false

    init(
        input: InputQuantisation, weights: [WeightQuantiser], activations: [ActivationQuantiser],
        prices: ParameterSlice
    ) {
        self.input = input
        self.weights = weights
        self.activations = activations
        self.prices = prices
    }

    /// Before a forward pass: what layers see of the parameters, and the grids.
    func prepare(_ store: ParameterStore) {
        _ = store.effective.update(fromContentsOf: store.values)
        guard state.isOn else { return }
        for quantiser in weights { quantiser.round(store) }
        for quantiser in activations {
            quantiser.prepare(store, input)
        }
    }

    /// After a backward pass.
    func mapGradients(_ store: ParameterStore) {
        for quantiser in weights { quantiser.mapGradient(store) }
    }

    /// After a step.
    func keepNormsPositive(_ store: ParameterStore) {
        for quantiser in weights { quantiser.norm?.keepPositive(store) }
    }

    /// From now on the widths are these, with the steps that they had.
    func fixWidths() {
        areWidthsFixed = true
        for quantiser in weights { quantiser.form = FixedForm() }
        for quantiser in activations { quantiser.form = FixedForm() }
    }
}
