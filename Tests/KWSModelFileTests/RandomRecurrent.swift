// SPDX-License-Identifier: Apache-2.0

import KWSGraph

extension Random {
    /// An LSTM with or without each option.
    mutating func lstm(
        _ form: Recurrence, peepholes: Bool = false, projected: Int? = nil
    ) -> LSTM {
        let outputs = projected ?? form.units
        return LSTM(
            form, weights: numbers(4 * form.units * form.inputs),
            recurrentWeights: numbers(4 * form.units * outputs), bias: numbers(4 * form.units),
            peepholes: peepholes ? numbers(3 * form.units) : nil,
            projection: projected.map { numbers($0 * form.units) })
    }

    mutating func gru(
        _ form: Recurrence, resetsAfter: Bool, recurrentBias: Bool = false,
        candidate: GRU.Candidate = .tanh
    ) -> GRU {
        GRU(
            form, weights: numbers(3 * form.units * form.inputs),
            recurrentWeights: numbers(3 * form.units * form.units), bias: numbers(3 * form.units),
            resetsAfter: resetsAfter, recurrentBias: recurrentBias ? numbers(form.units) : nil,
            candidate: candidate)
    }

    /// Every form of both layers: direction, sequence or last state, and their options.
    mutating func recurrentLayers(inputs: Int, units: Int) -> [FloatOperator] {
        var layers: [FloatOperator] = []
        for isBackward in [false, true] {
            for returnsSequence in [false, true] {
                let form = Recurrence(
                    inputs: inputs, units: units, isBackward: isBackward,
                    returnsSequence: returnsSequence)
                for peepholes in [false, true] {
                    for projected in [nil, 3] {
                        layers.append(.lstm(lstm(form, peepholes: peepholes, projected: projected)))
                    }
                }
                for candidate in [GRU.Candidate.tanh, .clippedReLU] {
                    layers.append(.gru(gru(form, resetsAfter: false, candidate: candidate)))
                    for bias in [false, true] {
                        layers.append(
                            .gru(
                                gru(
                                    form, resetsAfter: true, recurrentBias: bias,
                                    candidate: candidate)))
                    }
                }
            }
        }
        return layers
    }
}
