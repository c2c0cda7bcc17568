// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph

/// A parsed description before it meets its model.
///
/// `README.md` beside the built-in descriptions documents the format.
struct DescriptionFile {
    let root: JSONField
    /// Path of the model file, relative to the description's folder.
    let model: String?
    let name: String?
    let labels: [String]?
    let keywords: [String]?
    let frontEnd: FrontEndDefinition?
    let frontEndName: String?
    let detection: ModelDescription.Detection
    /// Whether features enter the network as coarse and fine channels.
    let hasFineInput: Bool
    /// Whether recurrent layers go on from the state of the last decision.
    let isStateful: Bool
    /// Threshold of all keywords, and those of single ones.
    let threshold: Double
    let thresholds: [String: Double]
    let phrases: [Phrase]
    /// The topology itself, or a string with its path.
    let topology: JSONField?
    /// Whether a softmax is appended where the network does not end in one.
    let softmax: Bool
    /// Whether the model file's input has the features before the frames; nil: by their numbers.
    let featuresFirst: Bool?
    /// The grids that the network was trained on.
    let quantisation: LearnedQuantisation?
    /// CRC-32 of the model files that this description is for.
    let checksums: [UInt32]

    private static let keys = [
        "model", "name", "labels", "keywords", "frontEnd", "detection", "topology", "softmax",
        "fineInput", "checksums", "inputOrder", "quantisation", "stateful",
    ]

    init(_ source: FileBytes) throws(ModelFileError) {
        try self.init(try JSONField(source))
    }

    init(_ root: JSONField) throws(ModelFileError) {
        let members = try root.object(allowed: Self.keys)
        self.root = root
        model = try members["model"]?.string()
        name = try members["name"]?.string()
        labels = try members["labels"].map(Self.names)
        keywords = try members["keywords"].map(Self.names)
        topology = members["topology"]
        softmax = try members["softmax"]?.bool() ?? true
        isStateful = try members["stateful"]?.bool() ?? false
        hasFineInput = try members["fineInput"]?.bool() ?? false
        featuresFirst =
            try members["inputOrder"]?.choice(["frames-features", "features-frames"])
            .hasPrefix("features")
        let fine = hasFineInput
        quantisation = try members["quantisation"].map { field throws(ModelFileError) in
            try Self.quantisation(field, hasFineInput: fine)
        }
        (frontEnd, frontEndName) = try members["frontEnd"].map(Self.frontEnd) ?? (nil, nil)

        var checksums: [UInt32] = []
        for field in try members["checksums"]?.array() ?? [] {
            guard let checksum = UInt32(try field.string(), radix: 16) else {
                throw field.error("eight hexadecimal digits")
            }
            checksums.append(checksum)
        }
        self.checksums = checksums

        let field = members["detection"]
        let parts =
            try field?.object(
                allowed: [
                    "stride", "smoothing", "threshold", "lockoutMilliseconds", "contrast", "level",
                    "phrases", "phraseMilliseconds",
                ])
            ?? [:]
        var detection = ModelDescription.Detection()
        if let stride = parts["stride"] { detection.inferenceHops = try stride.integer(1...255) }
        if let count = parts["smoothing"] { detection.smoothing = try count.integer(1...64) }
        if let time = parts["lockoutMilliseconds"] {
            detection.lockoutMilliseconds = try time.integer(0...60_000)
        }
        if let gate = parts["contrast"] { detection.contrast = try gate.number(0...1000) }
        if let level = parts["level"] { detection.level = try level.integer(0...2500) }
        if let time = parts["phraseMilliseconds"] {
            detection.phraseMilliseconds = try time.integer(1...10_000)
        }
        phrases = try parts["phrases"].map(Self.phrases) ?? []
        if let field = parts["phrases"],
            detection.lockoutMilliseconds < detection.phraseMilliseconds
        {
            throw field.error(
                "lockoutMilliseconds no less than phraseMilliseconds, or a phrase is heard twice",
                found: "\(detection.lockoutMilliseconds) and \(detection.phraseMilliseconds)")
        }
        self.detection = detection
        (threshold, thresholds) = try parts["threshold"].map(Self.thresholds) ?? (0.8, [:])
    }

    private static func names(_ field: JSONField) throws(ModelFileError) -> [String] {
        var names: [String] = []
        for item in try field.array(1...4096) {
            let name = try item.string()
            guard !names.contains(name) else { throw item.error("each name once") }
            names.append(name)
        }
        return names
    }

    /// One number for all keywords, or an object of numbers with an optional `"default"`.
    private static func thresholds(
        _ field: JSONField
    ) throws(ModelFileError) -> (Double, [String: Double]) {
        guard case .object = field.value.content else {
            return (try field.number(0...1), [:])
        }
        var all = 0.8
        var single: [String: Double] = [:]
        for (name, value) in try field.members() {
            if name == "default" {
                all = try value.number(0...1)
            } else {
                single[name] = try value.number(0...1)
            }
        }
        return (all, single)
    }
}
