// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Reads the key `pruning` of a recipe. `README.md` beside the built-in descriptions documents it.
struct PruningReader {
    let epochs: Int
    let hasValidation: Bool
    /// Whether the network has LSTM or GRU layers.
    let isRecurrent: Bool

    func pruning(_ field: JSONField) throws(ModelFileError) -> Recipe.Pruning {
        let members = try field.object(
            allowed: ["sparsity", "importance", "scope", "block", "schedule", "tolerance"])
        let sparsityField = try members.required("sparsity", of: field)
        let isSearch = if case .string = sparsityField.value.content { true } else { false }
        if isSearch { _ = try sparsityField.choice(["search"]) }
        var settings = PruningSettings(
            sparsity: isSearch ? Recipe.Pruning.cuts.last ?? 0 : try sparsityField.number(0...0.99))
        if let name = try members["importance"]?.choice(ImportanceMeasure.allCases.map(\.rawValue))
        {
            settings.measure = ImportanceMeasure(rawValue: name) ?? .input
        }
        if let name = try members["scope"]?.choice(PruningScope.allCases.map(\.rawValue)) {
            settings.scope = PruningScope(rawValue: name) ?? .global
        }
        if let block = members["block"] { settings.granularity = try granularity(block) }
        var result = Recipe.Pruning(
            settings: settings,
            schedule: try schedule(members["schedule"], settings.sparsity, isSearch: isSearch))
        if isSearch {
            guard hasValidation else {
                throw sparsityField.error(
                    "\"search\" with \"validation\" clips to judge by", found: "none of them")
            }
            result.tolerance = try members["tolerance"]?.number(0...1) ?? 0.005
        } else if let tolerance = members["tolerance"] {
            throw tolerance.error("\"tolerance\" with \"sparsity\": \"search\" only")
        }
        return result
    }

    private func granularity(_ field: JSONField) throws(ModelFileError) -> PruningGranularity {
        switch field.value.content {
        case .string:
            _ = try field.choice(["unit"])
            guard !isRecurrent else {
                throw field.error(
                    "\"unit\" for networks without LSTM and GRU layers, whose units have states")
            }
            return .units
        case .array:
            let items = try field.array(2...2)
            return .blocks(
                BlockShape(
                    outputs: try items[0].integer(1...64), inputs: try items[1].integer(1...64)))
        default:
            return .blocks(BlockShape(outputs: try field.integer(1...64), inputs: 1))
        }
    }

    private func schedule(
        _ field: JSONField?, _ sparsity: Double, isSearch: Bool
    ) throws(ModelFileError) -> Recipe.Pruning.Schedule {
        guard let field else {
            if isSearch { return .iterative(Recipe.Pruning.cuts) }
            return epochs > 1 ? .gradual(first: 0, last: epochs / 2, everySteps: 20) : .oneShot
        }
        let members = try field.object(allowed: ["kind", "sparsities", "epochs", "everySteps"])
        let kind = try members.required("kind", of: field).choice(
            isSearch ? ["iterative"] : ["gradual", "iterative", "oneShot"])
        let own = ["gradual": ["epochs", "everySteps"], "iterative": ["sparsities"]][kind] ?? []
        for (name, key) in members.sorted(by: { $0.key < $1.key })
        where name != "kind" && !own.contains(name) {
            throw key.error("no \"\(name)\" in \"\(kind)\"")
        }
        switch kind {
        case "gradual":
            var range = (0, epochs / 2)
            if let pair = members["epochs"] {
                let items = try pair.array(2...2)
                range = (try items[0].integer(0...epochs - 1), try items[1].integer(0...epochs - 1))
                guard range.0 < range.1 else {
                    throw pair.error("epochs from the first to the last")
                }
            }
            return .gradual(
                first: range.0, last: range.1,
                everySteps: try members["everySteps"]?.integer(1...100_000) ?? 20)
        case "iterative":
            var cuts = Recipe.Pruning.cuts.filter { $0 < sparsity } + [sparsity]
            if let list = members["sparsities"] {
                cuts = []
                for item in try list.array(1...64) { cuts.append(try item.number(0...0.99)) }
                guard cuts == cuts.sorted(), isSearch || cuts.last == sparsity else {
                    throw list.error("rising shares up to \"sparsity\"")
                }
            }
            guard epochs % cuts.count == 0 else {
                throw field.error(
                    "\"epochs\" that are a multiple of the \(cuts.count) cuts", found: "\(epochs)")
            }
            return .iterative(cuts)
        default: return .oneShot
        }
    }
}
