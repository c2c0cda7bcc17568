// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension Recipe {
    private static let keys = [
        "model", "network", "description", "training", "validation", "augmentation", "optimiser",
        "schedule", "labelSmoothing", "distillation", "pruning", "quantisation", "stream",
        "gradientNorm", "batch", "epochs", "seed",
    ]

    /// Reads a recipe.
    ///
    /// - Throws: `ModelFileError` naming the byte and the key of what is not allowed.
    package static func load(path: String) throws(ModelFileError) -> Recipe {
        let source = try FileBytes(path: path)
        let root = try JSONField(source)
        let members = try root.object(allowed: keys)
        let descriptionField = try described(try members.required("description", of: root))
        let description = try DescriptionFile(descriptionField)
        guard description.frontEnd != nil else {
            throw descriptionField.error(
                "a description with \"frontEnd\"", found: "no \"frontEnd\"")
        }
        let model: LoadedModel
        switch (members["model"], members["network"]) {
        case (let field?, nil):
            model = try ModelFile.load(
                path: ModelFile.resolve(try field.string(), besides: path),
                description: description)
        case (nil, let field?):
            model = try NetworkReader.model(field, description: description, source: source)
        default:
            throw root.error(
                "either \"model\", a file with weights, or \"network\"",
                found: members["model"] == nil ? "neither" : "both")
        }
        let distillation = try members["distillation"].map { field throws(ModelFileError) in
            try self.distillation(field, of: model, isImported: members["model"] != nil)
        }
        let training = try sources(
            try members.required("training", of: root), isTaught: distillation != nil)
        return Recipe(
            file: path, model: model,
            descriptionText: descriptionField.value.text(
                without: ["model", "topology", "checksums", "inputOrder", "quantisation"]) + "\n",
            isImported: members["model"] != nil,
            training: training,
            validation: try members["validation"].map { field throws(ModelFileError) in
                try sources(field, isTaught: false)
            } ?? [],
            augmentation: try members["augmentation"].map(augmentation) ?? Augmentation(),
            optimiser: try optimiser(members), rate: try rate(members),
            schedule: try members["schedule"].map(schedule) ?? .cosine(warmUpEpochs: 0),
            weightDecay: try weightDecay(members),
            labelSmoothing: try members["labelSmoothing"]?.number(0...0.9) ?? 0,
            distillation: distillation,
            quantisation: try members["quantisation"].map { field throws(ModelFileError) in
                try quantisation(field, isImported: members["model"] != nil)
            },
            pruning: try pruning(members, of: model.graph),
            stream: try members["stream"].map { field throws(ModelFileError) in
                try stream(field, besides: members)
            },
            gradientNorm: try members["gradientNorm"]?.number(1e-6...1e6),
            batch: try members["batch"]?.integer(1...4096) ?? 100,
            epochs: try members.required("epochs", of: root).integer(1...100_000),
            seed: UInt64(try members["seed"]?.integer(0...Int(UInt32.max)) ?? 1))
    }

    /// The description itself, or the file that a string names: a path or a built-in one.
    private static func described(_ field: JSONField) throws(ModelFileError) -> JSONField {
        guard case .string(let name) = field.value.content else { return field }
        if let builtIn = BuiltInDescriptions.named(name) { return try JSONField(builtIn) }
        return try JSONField(
            try FileBytes(path: ModelFile.resolve(name, besides: field.file)))
    }

    private static func sources(
        _ field: JSONField, isTaught: Bool
    ) throws(ModelFileError) -> [Source] {
        var result: [Source] = []
        for item in try field.array(1...64) {
            var source = try source(item, ["unlabelled"])
            if let mark = try item.object(allowed: ["path", "split", "unlabelled"])["unlabelled"] {
                source.isUnlabelled = try mark.bool()
                guard isTaught || !source.isUnlabelled else {
                    throw mark.error("unlabelled clips for training with \"distillation\" only")
                }
            }
            result.append(source)
        }
        return result
    }

    static func source(
        _ field: JSONField, _ more: [String]
    ) throws(ModelFileError) -> Source {
        let members = try field.object(allowed: ["path", "split"] + more)
        return Source(
            path: try members.required("path", of: field).string(),
            split: try members["split"]?.string())
    }

    /// A teacher takes what the student takes and tells the same classes apart.
    private static func distillation(
        _ field: JSONField, of student: LoadedModel, isImported: Bool
    ) throws(ModelFileError) -> Distillation {
        let members = try field.object(allowed: [
            "teacher", "temperature", "weight", "hiddenWeight", "mixing",
        ])
        let name = try members.required("teacher", of: field)
        var teacher = student
        if try name.string() != "self" {
            teacher = try ModelFile.load(
                path: ModelFile.resolve(try name.string(), besides: field.file))
            guard teacher.description.labels == student.description.labels,
                teacher.description.frontEnd == student.description.frontEnd
            else {
                throw name.error(
                    "a model with the labels and the front end of the description",
                    found: "other ones in \(try name.string())")
            }
        } else if !isImported {
            throw name.error("a model file", found: "\"self\", whose weights are random")
        }
        var result = Distillation(teacher: teacher.graph)
        if let number = members["temperature"] { result.temperature = try number.number(0.1...100) }
        if let number = members["weight"] { result.weight = try number.number(0...1) }
        if let number = members["hiddenWeight"] {
            result.hiddenWeight = try number.number(0...1000)
        }
        result.mixing = try members["mixing"].map { field throws(ModelFileError) in
            let parts = try field.object(allowed: ["share", "noise"])
            return Mixing(
                share: try parts["share"]?.number(0...1) ?? 1,
                noise: try parts["noise"]?.number(0...10) ?? 0)
        }
        return result
    }

    private static func pruning(
        _ members: [String: JSONField], of graph: FloatGraph
    ) throws(ModelFileError) -> Pruning? {
        let reader = PruningReader(
            epochs: try members["epochs"]?.integer(1...100_000) ?? 1,
            hasValidation: members["validation"] != nil,
            isRecurrent: graph.nodes.contains { $0.operation.recurrence != nil })
        return try members["pruning"].map { field throws(ModelFileError) in
            guard members["quantisation"] == nil else {
                throw field.error("one of \"pruning\" and \"quantisation\": prune first")
            }
            return try reader.pruning(field)
        }
    }

    private static func augmentation(_ field: JSONField) throws(ModelFileError) -> Augmentation {
        let members = try field.object(
            allowed: [
                "shiftMilliseconds", "gainDecibels", "speed", "rooms", "noise", "masks", "variants",
            ])
        var result = Augmentation()
        result.shiftMilliseconds = try members["shiftMilliseconds"]?.number(0...2000) ?? 0
        result.gainDecibels = try members["gainDecibels"]?.number(0...40) ?? 0
        result.speed = try members["speed"]?.number(0...0.5) ?? 0
        result.rooms = try members["rooms"].map(rooms)
        if let noise = members["noise"] {
            let parts = try noise.object(allowed: ["path", "split", "probability", "decibels"])
            result.noise = Noise(
                source: try source(noise, ["probability", "decibels"]),
                probability: try parts["probability"]?.number(0...1) ?? 1,
                decibels: try range(try parts.required("decibels", of: noise), -40...80))
        }
        result.variants = try members["variants"]?.integer(1...1000)
        if let masks = members["masks"] {
            let parts = try masks.object(allowed: ["count", "frames", "features"])
            result.masks = Masks(
                count: try parts["count"]?.integer(1...16) ?? 1,
                frames: try parts["frames"]?.integer(0...1000) ?? 0,
                features: try parts["features"]?.integer(0...1000) ?? 0)
        }
        return result
    }

    private static func optimiserParts(
        _ members: [String: JSONField]
    ) throws(ModelFileError) -> [String: JSONField] {
        try members["optimiser"]?.object(
            allowed: ["kind", "rate", "momentum", "weightDecay"]) ?? [:]
    }

    private static func optimiser(
        _ members: [String: JSONField]
    ) throws(ModelFileError) -> Optimiser {
        let parts = try optimiserParts(members)
        if try parts["kind"]?.choice(["sgd", "adam"]) == "adam" {
            if let momentum = parts["momentum"] { throw momentum.error("momentum of \"sgd\" only") }
            return .adam
        }
        return .sgd(momentum: try parts["momentum"]?.number(0...0.999) ?? 0.9)
    }

    private static func rate(_ members: [String: JSONField]) throws(ModelFileError) -> Double {
        let parts = try optimiserParts(members)
        let usual = try parts["kind"]?.choice(["sgd", "adam"]) == "adam" ? 0.001 : 0.05
        return try parts["rate"]?.number(1e-8...100) ?? usual
    }

    private static func weightDecay(
        _ members: [String: JSONField]
    ) throws(ModelFileError) -> Double {
        try optimiserParts(members)["weightDecay"]?.number(0...1) ?? 0
    }

    private static func schedule(_ field: JSONField) throws(ModelFileError) -> Schedule {
        let members = try field.object(allowed: ["kind", "warmUpEpochs", "epochs", "factor"])
        let kind = try members.required("kind", of: field).choice(["cosine", "steps"])
        let foreign = kind == "cosine" ? ["epochs", "factor"] : ["warmUpEpochs"]
        for name in foreign {
            if let key = members[name] { throw key.error("no \"\(name)\" in \"\(kind)\"") }
        }
        if kind == "cosine" {
            return .cosine(warmUpEpochs: try members["warmUpEpochs"]?.integer(0...1000) ?? 0)
        }
        var epochs: [Int] = []
        for item in try members.required("epochs", of: field).array(1...64) {
            epochs.append(try item.integer(1...100_000))
        }
        return .steps(epochs: epochs, factor: try members["factor"]?.number(1e-6...1) ?? 0.1)
    }
}
