// SPDX-License-Identifier: Apache-2.0

extension TrainableNetwork {
    /// What the loss of a few batches would be with one width changed.
    private struct Probe {
        let width: ParameterSlice
        let count: Int
        var bits: Int
        /// By the storable widths below `bits`, summed over batches: the loss less that of now.
        var rise: [Int: Double] = [:]
    }

    /// Takes bits from widths until their stored mean is within a budget, those first whose loss
    /// rises least for the bits saved: rises that are measured, each width changed alone and its grid
    /// fitted anew.
    ///
    /// - Parameters:
    ///   - budget: nil in it leaves widths as they are.
    ///   - batches: of at most the network's batch.
    /// - Throws: `TrainingError` if a budget is below the fewest bits.
    package func narrowWidths(
        to budget: WidthBudget, batches: [Batch], loss: Loss
    ) throws(TrainingError) {
        guard let quantisers else { return }
        // Norms follow a change as they will in training, and remember nothing of it.
        let statistics = BatchStatistics.live(momentum: 0)
        // A teacher's activations are those of its last batch, its logits those of each.
        var loss = loss
        loss.distillation?.hiddenWeight = 0
        var weights = quantisers.weights.filter(\.width.trainable).map {
            Probe(width: $0.width, count: $0.count, bits: $0.bits(parameters))
        }
        // Last layers first: a probe changes the values behind its layer only, so those that an
        // earlier layer reads are still what the whole network makes.
        var activations = quantisers.activations.filter(\.width.trainable).reversed().map {
            Probe(width: $0.width, count: $0.elements, bits: $0.bits(parameters))
        }
        for batch in batches {
            _ = inputs.update(fromContentsOf: batch.inputs)
            func value() -> Double {
                forward(samples: batch.labels.count, statistics: statistics)
                return evaluate(loss, labels: batch.labels, teacher: batch.teacher).loss
            }
            let now = value()
            for i in activations.indices where budget.activations != nil {
                let width = activations[i].width.range
                let layer = roundings.first { $0.quantiser.width.range == width }
                for bits in WidthTable.activationBits where bits < activations[i].bits {
                    trial(activations[i].width, bits: bits) {
                        fit(layer, batch.labels.count)
                        activations[i].rise[bits, default: 0] += value() - now
                    }
                }
            }
            for i in weights.indices where budget.weights != nil {
                let width = weights[i].width.range
                let quantiser = quantisers.weights.first { $0.width.range == width }
                for bits in WidthTable.weightBits where bits < weights[i].bits {
                    trial(weights[i].width, bits: bits) {
                        quantiser?.fit(parameters)
                        weights[i].rise[bits, default: 0] += value() - now
                    }
                }
            }
        }
        let (allWeights, allActivations) = (
            quantisers.weights.map { ($0.count, $0.bits(parameters)) },
            quantisers.activations.map { ($0.elements, $0.bits(parameters)) }
        )
        try TrainableNetwork.narrow(
            &weights, all: allWeights, to: budget.weights, what: "weight")
        try TrainableNetwork.narrow(
            &activations, all: allActivations, to: budget.activations, what: "activation")
        if let batch = batches.first {
            _ = inputs.update(fromContentsOf: batch.inputs)
            forward(samples: batch.labels.count, statistics: statistics)
            set(weights + activations, samples: batch.labels.count)
        }
    }

    /// Sets widths and fits the grids of those that changed: to the values of the last forward pass.
    private func set(_ probes: [Probe], samples: Int) {
        for probe in probes
        where parameters.values[probe.width.range.lowerBound] != Float(probe.bits) {
            parameters.values[probe.width.range.lowerBound] = Float(probe.bits)
            quantisers?.weights.first { $0.width.range == probe.width.range }?.fit(parameters)
            fit(roundings.first { $0.quantiser.width.range == probe.width.range }, samples)
        }
    }

    private func fit(_ layer: RoundingLayer?, _ samples: Int) {
        layer?.fit(parameters, samples: samples)
    }

    /// Runs `body` with another width, then puts all quantisers' numbers back.
    private func trial(_ width: ParameterSlice, bits: Int, _ body: () -> Void) {
        let learned = parameters.slices.filter { !$0.isOfGraph }
        let saved = learned.map { Array(parameters.values[$0.range]) }
        parameters.values[width.range.lowerBound] = Float(bits)
        body()
        for (slice, numbers) in zip(learned, saved) {
            _ = parameters.values[slice.range].update(fromContentsOf: numbers)
        }
    }

    /// Chooses among measured rises.
    ///
    /// - Parameter all: numbers and bits of every layer, those that cannot change included.
    private static func narrow(
        _ probes: inout [Probe], all: [(count: Int, bits: Int)], to budget: Double?, what: String
    ) throws(TrainingError) {
        guard let budget else { return }
        let numbers = Double(max(1, all.reduce(0) { $0 + $1.count }))
        var mean = all.reduce(0) { $0 + Double($1.count * $1.bits) } / numbers
        while mean > budget + 1e-9 {
            var best: (probe: Int, bits: Int, price: Double)?
            for (index, probe) in probes.enumerated() {
                for (bits, rise) in probe.rise where bits < probe.bits {
                    let lost = rise - (probe.rise[probe.bits] ?? 0)
                    let price = lost / Double(probe.count * (probe.bits - bits))
                    // Ties by place and width, for dictionaries have no order.
                    let isBetter =
                        best.map { best in
                            (price, index, bits) < (best.price, best.probe, best.bits)
                        } ?? true
                    if isBetter { best = (index, bits, price) }
                }
            }
            guard let best else {
                throw TrainingError(
                    place: "the budget of widths", found: "\(budget) bits a \(what)",
                    allowed: "\((mean * 1000).rounded(.up) / 1000) at least, for this network")
            }
            mean -=
                Double(probes[best.probe].count * (probes[best.probe].bits - best.bits)) / numbers
            probes[best.probe].bits = best.bits
        }
    }
}
