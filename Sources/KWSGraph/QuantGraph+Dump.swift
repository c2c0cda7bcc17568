// SPDX-License-Identifier: Apache-2.0

extension QuantGraph {
    /// The integer graph as a table: one kernel call a line.
    package func dump(_ plan: MemoryPlan) -> String {
        var table = TextTable([
            "layer", "kernel", "input", "output", "bits", "scale", "zero", "shift", "weights",
            "bits", "stored", "at", "bytes", "rows", "scratch",
        ])
        for (index, layer) in layers.enumerated() {
            let y = tensors[layer.output.index]
            let place = plan.tensors[layer.output.index]
            table.add([
                layer.name, layer.operation.name,
                layer.inputs.map { "t\($0.index)" }.joined(separator: " "),
                "t\(layer.output.index) \(y.height)x\(y.width)x\(y.channels)", String(y.bits),
                String(Float(y.quantisation.scale)), String(y.quantisation.zeroPoint),
                layer.operation.requantisation.map { String($0.shift) } ?? "",
                layer.operation.weights.isEmpty ? "" : String(layer.operation.weights.count),
                layer.operation.weights.isEmpty ? "" : String(layer.weightBits),
                layer.operation.weights.isEmpty ? "" : layer.storage.rawValue,
                String(place.offset), String(place.bytes),
                slots(layer.output, plan) + (plan.chained[index] ? " chained" : ""),
                plan.scratch[index].map { "\($0.offset)+\($0.bytes)" } ?? "",
            ])
        }
        return "\(name): t0 \(input.height)x\(input.width)x\(input.channels), scale "
            + "\(Float(input.quantisation.scale)), zero point \(input.quantisation.zeroPoint), "
            + "at \(plan.tensors[0].offset); arena \(plan.arenaBytes) bytes "
            + "(at least \(plan.lowerBound) are live at once)\n" + table.text
    }

    /// Such as `3 of 25`, for a tensor that keeps its newest rows only.
    private func slots(_ tensor: TensorID, _ plan: MemoryPlan) -> String {
        let (rows, height) = (plan.slots[tensor.index].rows, tensors[tensor.index].height)
        return rows == height ? "\(height)" : "\(rows) of \(height)"
    }
}
