// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension NetworkReader {
    /// A layer `lstm` or `gru`; with `"direction": "both"` two and their concatenation.
    mutating func recurrent(
        _ kind: String, _ name: String, _ members: [String: JSONField], _ layer: JSONField
    ) throws(ModelFileError) -> ValueID {
        let shape = builder.shape(of: last)
        guard shape.rank == 3 else {
            throw layer.error("an input [time, width, channels]", found: "an input \(shape)")
        }
        let units = try members.required("units", of: layer).integer(1...4096)
        let direction =
            try members["direction"]?.choice(["forward", "backward", "both"]) ?? "forward"
        let returnsSequence = try members["sequence"]?.bool() ?? true
        let directions = direction == "both" ? [false, true] : [direction == "backward"]
        var outputs: [ValueID] = []
        for isBackward in directions {
            let form = Recurrence(
                inputs: shape.elements / shape.image.height, units: units, isBackward: isBackward,
                returnsSequence: returnsSequence)
            let operation: FloatOperator =
                kind == "lstm"
                ? .lstm(try lstm(form, members, layer)) : .gru(try gru(form, members, layer))
            let suffix = directions.count == 1 ? "" : isBackward ? "/backward" : "/forward"
            outputs.append(try builder.append(operation, name: name + suffix, last))
        }
        guard outputs.count == 2 else { return outputs[0] }
        return try builder.append(
            .concatenate(axis: returnsSequence ? 2 : 0), name: name, inputs: outputs)
    }

    private func lstm(
        _ form: Recurrence, _ members: [String: JSONField], _ layer: JSONField
    ) throws(ModelFileError) -> LSTM {
        let width = LSTM.gates * form.units
        let projected = try members["projection"]?.integer(1...4096)
        return LSTM(
            form, weights: try zeros(width * form.inputs, layer),
            recurrentWeights: try zeros(width * (projected ?? form.units), layer),
            bias: try zeros(width, layer),
            peepholes: try members["peepholes"]?.bool() ?? false
                ? try zeros(3 * form.units, layer) : nil,
            projection: try projected.map { projected throws(ModelFileError) in
                try zeros(projected * form.units, layer)
            })
    }

    /// One bias a gate.
    private func gru(
        _ form: Recurrence, _ members: [String: JSONField], _ layer: JSONField
    ) throws(ModelFileError) -> GRU {
        let width = GRU.gates * form.units
        let reset = try members["reset"]?.choice(["before", "after"]) ?? "after"
        let candidate = try members["candidate"]?.choice(["tanh", "clippedReLU"]) ?? "tanh"
        return GRU(
            form, weights: try zeros(width * form.inputs, layer),
            recurrentWeights: try zeros(width * form.units, layer), bias: try zeros(width, layer),
            resetsAfter: reset == "after",
            candidate: candidate == "tanh" ? .tanh : .clippedReLU)
    }
}
