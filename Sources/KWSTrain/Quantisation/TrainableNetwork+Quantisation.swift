// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension TrainableNetwork {
    /// Gives the batch norms behind rounded layers the moments that `inputs` has in the unrounded
    /// network, so that they change nothing at first.
    ///
    /// Trained with live statistics, they keep what rounding does to a channel's mean and spread from
    /// the layers behind. They are folded by their running ones.
    package func startNorms(samples: Int) {
        guard let quantisers else { preconditionFailure("nothing is rounded") }
        quantisers.state.isOn = false
        forward(samples: samples, statistics: .frozen)
        quantisers.state.isOn = true
        for quantiser in quantisers.weights {
            guard let norm = quantiser.norm,
                let layer = norms.first(where: { $0.running.node == norm.running.node })
            else { continue }
            norm.start(parameters, moments: layer.inputMoments(shards))
        }
    }

    /// Sets the grids of all quantisers so that the squared error of what they round is least:
    /// weights as they are, values as `inputs` makes them in the unrounded network.
    ///
    /// - Requires: the network is rounded.
    package func fitGrids(samples: Int) {
        guard let quantisers else { preconditionFailure("nothing is rounded") }
        quantisers.state.isOn = false
        forward(samples: samples, statistics: .frozen)
        for layer in fitted { layer.fit(parameters, samples: samples) }
        quantisers.state.isOn = true
        for quantiser in quantisers.weights { quantiser.fit(parameters) }
    }

    /// The widths as they are now, in execution order.
    package var widths: WidthTable {
        guard let quantisers else { return WidthTable(weights: [], activations: []) }
        return WidthTable(
            weights: quantisers.weights.map {
                WidthTable.Row(
                    name: $0.name, count: $0.count, bits: $0.bits(parameters),
                    storable: WidthTable.weightBits)
            },
            activations: quantisers.activations.map {
                WidthTable.Row(
                    name: $0.name, count: $0.elements, bits: $0.bits(parameters),
                    storable: WidthTable.activationBits)
            })
    }

    /// Ends the learning of widths: they become those that can be stored, moved up or down together
    /// before that until they are as large as the budget lets them be.
    ///
    /// - Throws: `TrainingError` with the fewest bits there are, if a budget is below them.
    package func fixWidths(within budget: WidthBudget) throws(TrainingError) {
        guard let quantisers else { return }
        let weights = try WidthChoice(
            quantisers.weights.map { quantiser in
                WidthChoice.Item(
                    count: quantiser.count, bits: quantiser.bits(parameters),
                    real: realBits(quantiser.width, quantiser.form, .signed),
                    isLearned: quantiser.width.trainable)
            }, storable: WidthTable.weightBits, budget: budget.weights, what: "weight")
        let activations = try WidthChoice(
            quantisers.activations.map { quantiser in
                WidthChoice.Item(
                    count: quantiser.elements, bits: quantiser.bits(parameters),
                    real: realBits(
                        quantiser.width, quantiser.form, quantiser.kind(parameters)),
                    isLearned: quantiser.width.trainable)
            }, storable: WidthTable.activationBits, budget: budget.activations,
            what: "activation")
        quantisers.fixWidths()
        for (quantiser, bits) in zip(quantisers.weights, weights.bits) {
            parameters.values[quantiser.width.range.lowerBound] = Float(bits)
        }
        for (quantiser, bits) in zip(quantisers.activations, activations.bits) {
            parameters.values[quantiser.width.range.lowerBound] = Float(bits)
        }
    }

    /// Takes the widths in the parameters for those that `fixWidths(within:)` set: for a state that
    /// was saved afterwards.
    package func keepFixedWidths() {
        quantisers?.fixWidths()
    }

    private func realBits(
        _ width: ParameterSlice, _ form: any QuantiserForm, _ kind: GridKind
    ) -> Double {
        form.realBits(parameters.values[width.range.lowerBound], kind)
    }

    /// The grids as compiling needs them; nil if nothing is rounded.
    ///
    /// - Requires: all widths can be stored.
    package var learnedQuantisation: LearnedQuantisation? {
        guard let quantisers else { return nil }
        quantisers.prepare(parameters)
        return LearnedQuantisation(
            input: quantisers.input,
            layers: quantisers.activations.map { quantiser in
                LearnedQuantisation.Layer(
                    name: quantiser.name,
                    weights: quantiser.weights.map {
                        LearnedQuantisation.Layer.Weights(
                            bits: $0.bits(parameters),
                            steps: $0.deployedSteps(parameters).map(Double.init))
                    },
                    output: Quantisation(
                        scale: Double(quantiser.grid.step), zeroPoint: Int(-quantiser.grid.low),
                        bits: quantiser.grid.bits),
                    cellRange: quantiser.cellRange.map {
                        Int(parameters.values[$0.range.lowerBound])
                    })
            })
    }
}
