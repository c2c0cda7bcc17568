// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension DescriptionFile {
    /// The grids that a network was trained on.
    static func quantisation(
        _ field: JSONField, hasFineInput: Bool
    ) throws(ModelFileError) -> LearnedQuantisation {
        let members = try field.object(allowed: ["input", "layers"])
        let inputField = try members.required("input", of: field)
        let inputMembers = try inputField.object(allowed: ["scale", "zeroPoint", "fine"])
        let isFine = try inputMembers["fine"]?.bool() ?? hasFineInput
        guard hasFineInput || !isFine else {
            throw inputField.error("\"fine\" with \"fineInput\" only")
        }
        let input = try grid(inputMembers, bits: 8, of: inputField)
        var layers: [LearnedQuantisation.Layer] = []
        for item in try members.required("layers", of: field).array(1...4096) {
            let parts = try item.object(
                allowed: [
                    "name", "bits", "scale", "zeroPoint", "weightBits", "steps", "cellRange",
                ])
            let bits = try width(try parts.required("bits", of: item), [8, 4, 2])
            var layer = LearnedQuantisation.Layer(
                name: try parts.required("name", of: item).string(),
                output: try grid(parts, bits: bits, of: item))
            if let weightBits = parts["weightBits"] {
                var steps: [Double] = []
                for step in try parts.required("steps", of: item).array(1...65_534) {
                    steps.append(try step.number(1e-30...1e30))
                }
                layer.weights = .init(bits: try width(weightBits, [8, 4, 3, 2]), steps: steps)
            }
            layer.cellRange = try parts["cellRange"]?.integer(0...12)
            guard !layers.contains(where: { $0.name == layer.name }) else {
                throw item.error("each layer once", found: "a second \"\(layer.name)\"")
            }
            layers.append(layer)
        }
        return LearnedQuantisation(
            input: InputQuantisation(input, hasFinePlane: isFine), layers: layers)
    }

    private static func grid(
        _ members: [String: JSONField], bits: Int, of parent: JSONField
    ) throws(ModelFileError) -> Quantisation {
        Quantisation(
            scale: try members.required("scale", of: parent).number(1e-30...1e30),
            zeroPoint: try members["zeroPoint"]?.integer(0...(1 << bits) - 1) ?? 0, bits: bits)
    }

    private static func width(
        _ field: JSONField, _ allowed: [Int]
    ) throws(ModelFileError) -> Int {
        let bits = try field.integer(2...8)
        guard allowed.contains(bits) else {
            throw field.error(allowed.map { "\($0)" }.joined(separator: ", "))
        }
        return bits
    }
}

extension LearnedQuantisation {
    /// The value of the key `quantisation` of a description.
    func text(hasFineInput: Bool) -> String {
        let fine = hasFineInput && !input.hasFinePlane ? ", \"fine\": false" : ""
        let layers = layers.map { layer in
            let weights = layer.weights.map {
                ", \"weightBits\": \($0.bits), \"steps\": ["
                    + $0.steps.map { "\($0)" }.joined(separator: ", ") + "]"
            }
            return "{\"name\": \(JSONValue.quoted(layer.name)), \"bits\": \(layer.output.bits), "
                + "\"scale\": \(layer.output.scale), \"zeroPoint\": \(layer.output.zeroPoint)"
                + (weights ?? "") + (layer.cellRange.map { ", \"cellRange\": \($0)" } ?? "") + "}"
        }
        return "{\"input\": {\"scale\": \(input.quantisation.scale), "
            + "\"zeroPoint\": \(input.quantisation.zeroPoint)\(fine)}, \"layers\": [\n  "
            + layers.joined(separator: ",\n  ") + "]}"
    }
}
