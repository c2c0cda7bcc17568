// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension Recipe {
    /// - Parameter isImported: whether there is a model to start from.
    static func quantisation(
        _ field: JSONField, isImported: Bool
    ) throws(ModelFileError) -> Quantisation {
        guard isImported else {
            throw field.error(
                "quantisation of a trained \"model\"", found: "a \"network\" with random weights")
        }
        let members = try field.object(allowed: [
            "weights", "activations", "form", "budgetBytes", "weightBits", "activationBits",
            "price",
        ])
        var result = Quantisation()
        if let weights = members["weights"] { result.weights = try widths(weights, [8, 4, 3, 2]) }
        if let widths = members["activations"] {
            result.activations = try self.widths(widths, [8, 4, 2])
        }
        if let form = members["form"] {
            let name = try form.choice(["brevitas", "uhlich", "measured"])
            result.form = Quantisation.Form(rawValue: name) ?? .measured
        }
        result.budgetBytes = try members["budgetBytes"]?.integer(1...(1 << 30))
        result.weightBits = try members["weightBits"]?.number(1...8)
        result.activationBits = try members["activationBits"]?.number(1...8)
        if let price = members["price"] { result.price = try price.number(0...1000) }
        func refuse(
            _ names: [String], unless isLearned: Bool, _ what: String
        ) throws(ModelFileError) {
            for name in names {
                guard isLearned || members[name] == nil else {
                    throw field.error("\"\(name)\" with learned \(what) only", found: name)
                }
            }
        }
        try refuse(["budgetBytes", "weightBits"], unless: result.weights.isLearned, "weights")
        try refuse(["activationBits"], unless: result.activations.isLearned, "activations")
        try refuse(
            ["price"], unless: result.form != .measured, "widths of a form with gradients")
        if result.form == .measured {
            let hasWeights = result.budgetBytes != nil || result.weightBits != nil
            guard hasWeights || !result.weights.isLearned else {
                throw field.error("a budget for learned \"weights\"", found: "none")
            }
            guard result.activationBits != nil || !result.activations.isLearned else {
                throw field.error("\"activationBits\" for learned ones", found: "none")
            }
        }
        try refuse(
            ["form", "price"], unless: result.weights.isLearned || result.activations.isLearned,
            "widths")
        if result.budgetBytes != nil, result.weightBits != nil {
            throw field.error("\"budgetBytes\" or \"weightBits\"", found: "both")
        }
        return result
    }

    /// A number of bits, "learned", or an object of layers' bits with a "default".
    private static func widths(
        _ field: JSONField, _ allowed: [Int]
    ) throws(ModelFileError) -> Quantisation.Widths {
        func bits(_ field: JSONField) throws(ModelFileError) -> Int {
            let bits = try field.integer(2...8)
            guard allowed.contains(bits) else {
                throw field.error(allowed.map { "\($0)" }.joined(separator: ", "))
            }
            return bits
        }
        switch field.value.content {
        case .string:
            _ = try field.choice(["learned"])
            return .learned
        case .object:
            var layers: [String: Int] = [:]
            for (name, value) in try field.members() {
                layers[name] = try bits(value)
            }
            let all = layers.removeValue(forKey: "default") ?? 8
            return .fixed(all, layers: layers)
        default:
            return .fixed(try bits(field), layers: [:])
        }
    }
}

extension Recipe.Quantisation.Widths {
    package var isLearned: Bool {
        if case .learned = self { true } else { false }
    }
}
