// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Trainer {
    /// Starts to keep a mask, at first of ones: a checkpoint has one from then on.
    package func startMask() {
        guard mask == nil else { return }
        let memory = FloatMemory(network.parameters.count)
        memory.data.update(repeating: 1, count: memory.count)
        mask = memory
    }

    /// Sets weights to zero, and lets them stay zero, whatever their gradients.
    ///
    /// - Parameter kept: by a node's index, which of its weights live.
    package func hold(_ kept: [Int: [WeightRole: [Bool]]]) {
        startMask()
        guard let mask else { return }
        for slice in network.parameters.slices {
            guard let role = slice.role.weightRole, let kept = kept[slice.node]?[role] else {
                continue
            }
            precondition(kept.count == slice.range.count, "a flag for each weight")
            for (i, lives) in zip(slice.range, kept) {
                mask.data[i] = lives ? 1 : 0
                // The speed of before must not move a weight on.
                if !lives { for moment in moments { moment.data[i] = 0 } }
            }
        }
        maskValues()
    }

    /// Lets the weights stay zero that are: what was pruned stays pruned.
    package func holdZeros() {
        let values = network.parameters.values
        for slice in network.parameters.slices where slice.role.weightRole != nil {
            for i in slice.range where values[i] == 0 {
                startMask()
                mask?.data[i] = 0
            }
        }
    }

    /// Weights that the mask holds at zero.
    package var heldWeights: Int {
        guard let mask else { return 0 }
        return (0..<mask.count).count { mask.data[$0] == 0 }
    }

    func maskValues() {
        guard let mask else { return }
        apply(mask, to: network.parameters.values)
    }

    func maskGradients() {
        guard let mask else { return }
        apply(mask, to: network.parameters.gradients)
    }

    /// A zero is +0, whatever the sign of what was there.
    private func apply(_ mask: FloatMemory, to numbers: UnsafeMutableBufferPointer<Float>) {
        for i in 0..<mask.count where mask.data[i] == 0 { numbers[i] = 0 }
    }
}
