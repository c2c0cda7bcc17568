// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

let streamOptions: [Arguments.Option] =
    [
        .init("--stream", "N", "also play N simulated ten-second streams to the C library"),
        .init("--keyword", "WORD", "the word to detect in them"),
        .init("--noise", "DIR", "the data set of noise to mix the words into"),
        .init("--snr", "DB", "words above noise (default 10)"),
        .init("--level", "LOW,HIGH", "range of the words' level in dBFS (default -36,-12)"),
        .init("--threshold", "T", "detection threshold, 0 to 1 (default: the model's)"),
        .init("--seed", "N", "draws clips, times, levels and noise (default 1)"),
        .init(
            "--require-detected", "A", "exit with 1 if fewer words are detected, or anything else"),
    ] + curveOptions

/// The stream part of `kwsc evaluate`.
struct StreamArguments {
    private let count: Int
    private let keyword: String
    private let noise: String
    private let recipe: StreamRecipe
    private let threshold: UInt16?
    private let required: Double?

    /// Nil where `--stream` is not given.
    init?(_ arguments: Arguments) throws {
        guard let count = try arguments.integer("--stream", in: 1...100_000) else {
            if let extra = streamOptions.first(where: { arguments.text($0.name) != nil }) {
                throw UsageError("\(extra.name) needs --stream")
            }
            return nil
        }
        self.count = count
        keyword = try arguments.required("--keyword")
        noise = try arguments.required("--noise")
        var recipe = StreamRecipe()
        recipe.snr = try arguments.number("--snr", in: -60...100) ?? recipe.snr
        recipe.seed = UInt64(try arguments.integer("--seed", in: 0...Int.max) ?? 1)
        if let text = arguments.text("--level") {
            let limits = text.split(separator: ",").compactMap { Double($0) }
            guard limits.count == 2, limits[0] <= limits[1], limits[0] >= -90, limits[1] <= 0 else {
                throw UsageError(
                    "--level is '\(text)', allowed are two levels LOW,HIGH from -90 to 0")
            }
            recipe.levels = limits[0]...limits[1]
        }
        self.recipe = recipe
        threshold = try arguments.threshold()
        required = try arguments.number("--require-detected", in: 0...1)
    }

    /// Plays the streams; the keyword's clips come from the data set, of whatever split.
    func run(_ model: EvaluatedModel, _ data: DataSet) throws -> StreamReport {
        let clips = data.clips.filter { $0.label == keyword || $0.word == keyword }
        guard !clips.isEmpty else {
            throw EvaluationError(.badData, data.root, "no clip of '\(keyword)'")
        }
        let maker = try StreamMaker(
            recipe, clips: read(clips), noises: read(DataSet.load(noise).clips))
        let evaluation = StreamEvaluation(
            block: try LoadedBlock(model.block, name: model.name),
            openBlock: try LoadedBlock(model.openBlock, name: model.name), keyword: keyword,
            threshold: threshold)
        let progress = Progress("listening", total: count)
        let result = try evaluation.run(maker, streams: count) { _, _ in progress.advance() }
        return StreamReport(result: result, recipe: recipe, keyword: keyword, required: required)
    }

    private func read(_ clips: [Clip]) throws -> [(name: String, samples: [Int16])] {
        try clips.map { ($0.path, try $0.read()) }
    }
}

/// What `kwsc evaluate --stream` tells.
struct StreamReport {
    let result: StreamEvaluation.Result
    let recipe: StreamRecipe
    let keyword: String
    let required: Double?

    var isGoodEnough: Bool {
        guard let required else { return true }
        return 1 - result.score.falseRejectRate >= required && result.score.falseDetections == 0
    }

    var curve: CurveReport { CurveReport(curve: result.curve, keyword: keyword) }

    var members: [(String, JSON)] {
        let score = result.score
        return curve.members + [
            ("frr", .number(score.falseRejectRate)),
            ("fa_per_hour", .number(score.falseAlarmsPerHour)),
            ("words", .integer(score.words)),
            ("detected", .integer(score.detected)),
            ("false_detections", .integer(score.falseDetections)),
            ("streams", .integer(result.streams.count)),
            ("threshold", .number(Double(result.threshold) / 65536)),
            ("snr", .number(recipe.snr)),
            (
                "level",
                .array([.number(recipe.levels.lowerBound), .number(recipe.levels.upperBound)])
            ),
            ("seed", .integer(Int(clamping: recipe.seed))),
        ]
    }

    var text: String {
        let score = result.score
        func number(_ value: Double) -> String { JSON.decimal(value, digits: 3) }
        let head =
            "\(result.streams.count) streams with '\(keyword)' \(number(recipe.snr)) dB above noise, "
            + "\(number(recipe.levels.lowerBound)) to \(number(recipe.levels.upperBound)) dBFS, "
            + "seed \(recipe.seed), threshold \(number(Double(result.threshold) / 65536)):\n"
        var lines = ""
        for (index, stream) in result.streams.enumerated() {
            let words = stream.words.map { time($0.spoken.upperBound) }.joined(separator: " ")
            let heard = result.heard[index].map { "\(time($0.endSample)) (\(number($0.score)))" }
            lines +=
                "  \(index): \(number(stream.level)) dBFS, word ends at \(words); heard at "
                + (heard.isEmpty ? "-" : heard.joined(separator: " ")) + "\n"
        }
        return head + lines
            + "detected \(score.detected) of \(score.words), "
            + "false detections \(score.falseDetections) "
            + "(\(number(score.falseAlarmsPerHour)) an hour)\n"
            + curve.text
    }

    private func time(_ sample: Int) -> String {
        JSON.decimal(Double(sample) / Double(AudioFile.sampleRate), digits: 2)
    }
}

extension Arguments {
    /// `--threshold` in units of 1/65536.
    func threshold() throws(UsageError) -> UInt16? {
        try number("--threshold", in: 0...1).map { UInt16(min(65534, ($0 * 65536).rounded())) }
    }
}
