// SPDX-License-Identifier: Apache-2.0

extension Recipe {
    /// Training on sequences of words in noise, with a row of outputs for every place of the window.
    package struct Stream: Sendable {
        package enum Loss: String, Sendable, CaseIterable {
            case frames
            case maxPooling = "max-pooling"
        }

        /// Of a sequence.
        package var seconds = 4.0
        /// In an epoch; nil: so many that each clip is heard about once.
        package var sequences: Int?
        /// Clips in a sequence.
        package var words = 2
        /// The chance that a clip is one of another word.
        package var otherShare = 0.5
        package var noise: Source
        /// Words above noise, drawn uniformly for each sequence.
        package var decibels = -5.0...15.0
        /// The words' level in dBFS, drawn uniformly for each sequence.
        package var levels = -36.0 ... -12.0
        package var rooms: Rooms?
        package var loss = Loss.frames
        /// Of keyword rows against background rows.
        package var keywordWeight = 1.0
        /// Frames that a row sees behind the one that it speaks of.
        package var lookAheadFrames = 0

        package init(noise: Source) {
            self.noise = noise
        }
    }

    static func stream(
        _ field: JSONField, besides members: [String: JSONField]
    ) throws(ModelFileError) -> Stream {
        for other in ["augmentation", "distillation", "quantisation", "pruning"] {
            if let foreign = members[other] {
                throw foreign.error("no \"\(other)\" beside \"stream\"")
            }
        }
        let parts = try field.object(allowed: [
            "seconds", "sequences", "words", "otherShare", "noise", "decibels", "levels", "rooms",
            "loss", "keywordWeight", "lookAheadFrames",
        ])
        let noise = try parts.required("noise", of: field)
        var result = Stream(noise: try source(noise, []))
        result.seconds = try parts["seconds"]?.number(1...10) ?? result.seconds
        result.sequences = try parts["sequences"]?.integer(1...1_000_000)
        result.words = try parts["words"]?.integer(1...16) ?? result.words
        result.otherShare = try parts["otherShare"]?.number(0...0.99) ?? result.otherShare
        if let field = parts["decibels"] { result.decibels = try range(field, -40...80) }
        if let field = parts["levels"] { result.levels = try range(field, -90...0) }
        result.rooms = try parts["rooms"].map(rooms)
        if let loss = parts["loss"] {
            let name = try loss.choice(Stream.Loss.allCases.map(\.rawValue))
            result.loss = Stream.Loss(rawValue: name) ?? .frames
        }
        result.keywordWeight =
            try parts["keywordWeight"]?.number(1e-3...1e3) ?? result.keywordWeight
        result.lookAheadFrames = try parts["lookAheadFrames"]?.integer(0...1000) ?? 0
        return result
    }

    static func rooms(_ field: JSONField) throws(ModelFileError) -> Rooms {
        let parts = try field.object(allowed: ["share", "reverberationSeconds"])
        return Rooms(
            share: try parts["share"]?.number(0...1) ?? 0.5,
            reverberation: try range(
                try parts.required("reverberationSeconds", of: field), 0.05...1.5))
    }

    /// Two numbers, the lower one first.
    static func range(
        _ field: JSONField, _ allowed: ClosedRange<Double>
    ) throws(ModelFileError) -> ClosedRange<Double> {
        let range = try field.array(2...2)
        let (low, high) = (try range[0].number(allowed), try range[1].number(allowed))
        guard low <= high else {
            throw field.error("a range from the lower to the higher", found: "\(low) to \(high)")
        }
        return low...high
    }
}
