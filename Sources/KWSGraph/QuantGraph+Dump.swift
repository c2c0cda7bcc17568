// SPDX-License-Identifier: Apache-2.0

extension QuantGraph {
    /// The integer graph as a table: one kernel call a line.
    package func dump(_ plan: MemoryPlan) -> String {
        var table = TextTable([
            "layer", "kernel", "input", "output", "scale", "zero", "shift", "weights", "at",
            "bytes", "scratch",
        ])
        for (index, layer) in layers.enumerated() {
            let y = tensors[layer.output.index]
            let place = plan.tensors[layer.output.index]
            table.add([
                layer.name, layer.operation.name,
                layer.inputs.map { "t\($0.index)" }.joined(separator: " "),
                "t\(layer.output.index) \(y.height)x\(y.width)x\(y.channels)",
                String(Float(y.quantisation.scale)), String(y.quantisation.zeroPoint),
                layer.operation.requantisation.map { String($0.shift) } ?? "",
                layer.operation.weights.isEmpty ? "" : String(layer.operation.weights.count),
                String(place.offset), String(place.bytes),
                plan.scratch[index].map { "\($0.offset)+\($0.bytes)" } ?? "",
            ])
        }
        return "\(name): t0 \(input.height)x\(input.width)x\(input.channels), scale "
            + "\(Float(input.quantisation.scale)), zero point \(input.quantisation.zeroPoint), "
            + "at \(plan.tensors[0].offset); arena \(plan.arenaBytes) bytes "
            + "(at least \(plan.lowerBound) are live at once)\n" + table.text
    }
}
