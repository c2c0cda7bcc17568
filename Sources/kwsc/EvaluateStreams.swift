// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSModelFile
internal import KWSNumerics
internal import KWSRecipe

let streamOptions: [Arguments.Option] =
    [
        .init("--stream", "N", "also play N simulated ten-second streams to the C library"),
        .init(
            "--recordings", "FILE",
            "play recordings instead of clips: CSV of path,label,start,end, in seconds"),
        .init("--keyword", "WORDS", "the words to detect, with commas (default: the model's)"),
        .init("--noise", "DIR", "the data set of noise to mix the words into, or DIR:SPLIT"),
        .init("--others", "DIRS", "data sets of other words to mix in, with commas, or DIR:SPLIT"),
        .init("--other-share", "P", "the share of other words (default 0.5 with --others)"),
        .init("--snr", "DB", "words above noise (default 10), or a range LOW,HIGH"),
        .init("--level", "LOW,HIGH", "range of the words' level in dBFS (default -36,-12)"),
        .init("--threshold", "T", "detection threshold, 0 to 1 (default: the model's)"),
        .init("--seed", "N", "draws clips, times, levels and noise (default 1)"),
        .init("--float", nil, "also play the streams to the float network, and compare"),
        .init(
            "--float-only", nil,
            "play them to the float network alone, run along time where it can be, and no clips"),
        .init("--shard", "I/N", "play every N-th stream only, from the I-th on, and no clips"),
    ] + StreamReport.Options.declared

/// The stream part of `kwsc evaluate`.
struct StreamArguments {
    private enum Source {
        case simulated(count: Int, StreamRecipe, others: String?, noise: String)
        case recorded(index: String)
    }

    private static let simulation = [
        "--noise", "--others", "--other-share", "--snr", "--level", "--seed",
    ]

    private let source: Source
    private let keywords: [String]
    private let threshold: UInt16?
    private let playsFloat: Bool
    private let part: StreamPart
    private let report: StreamReport.Options
    private let isFloatOnly: Bool
    /// Whether clips are evaluated, too.
    let hasClips: Bool

    /// Nil where there are no streams to play.
    init?(_ arguments: Arguments) throws {
        let count = try arguments.integer("--stream", in: 1...1_000_000)
        let index = arguments.text("--recordings")
        switch (count, index) {
        case (nil, nil):
            let others = streamOptions.map(\.name).filter {
                arguments.text($0) != nil || arguments.flag($0)
            }
            if let extra = others.first {
                throw UsageError("\(extra) needs --stream or --recordings")
            }
            return nil
        case (let count?, nil):
            source = .simulated(
                count: count, try Self.recipe(arguments), others: arguments.text("--others"),
                noise: try arguments.required("--noise"))
        case (nil, let index?):
            if let extra = Self.simulation.first(where: { arguments.text($0) != nil }) {
                throw UsageError("\(extra) needs --stream; recordings are played as they are")
            }
            source = .recorded(index: index)
        case (_?, _?):
            throw UsageError("--stream or --recordings, not both")
        }
        playsFloat = arguments.flag("--float")
        report = try StreamReport.Options(arguments)
        keywords =
            arguments.text("--keyword")?
            .split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        guard Set(keywords).count == keywords.count, !keywords.contains("") else {
            throw UsageError("--keyword names \(keywords), allowed are words, each once")
        }
        threshold = try arguments.threshold()
        isFloatOnly = arguments.flag("--float-only")
        guard !isFloatOnly || !playsFloat else {
            throw UsageError("--float or --float-only, not both")
        }
        guard let text = arguments.text("--shard") else {
            part = .whole
            hasClips = index == nil && !isFloatOnly
            return
        }
        guard let part = StreamPart(text) else {
            throw UsageError("--shard is '\(text)', allowed is I/N with I from 1 to N")
        }
        guard report.save != nil else {
            throw UsageError("--shard needs --save: a part is of use with the others only")
        }
        self.part = part
        hasClips = false
    }

    private static func recipe(_ arguments: Arguments) throws -> StreamRecipe {
        var recipe = StreamRecipe()
        recipe.snr = try arguments.range("--snr", in: -60...100) ?? recipe.snr
        recipe.seed = UInt64(try arguments.integer("--seed", in: 0...Int.max) ?? 1)
        recipe.levels = try arguments.range("--level", in: -90...0) ?? recipe.levels
        let share = try arguments.number("--other-share", in: 0...1)
        guard arguments.text("--others") != nil else {
            guard share == nil else { throw UsageError("--other-share needs --others") }
            return recipe
        }
        recipe.otherShare = share ?? 0.5
        return recipe
    }

    /// Plays the streams. Clips of keywords come from `data`, which is read where words are mixed.
    func run(
        _ model: EvaluatedModel, _ description: ModelDescription, _ data: () throws -> DataSet
    ) throws -> StreamReport {
        let evaluation = try StreamEvaluation(
            block: try LoadedBlock(model.block, name: model.name),
            openBlock: try LoadedBlock(model.openBlock, name: model.name), keywords: keywords,
            threshold: threshold, float: playsFloat ? model : nil)
        switch source {
        case .recorded(let index):
            return try play(RecordedAudio(index: index), evaluation, model, description)
        case .simulated(let count, let recipe, let others, let noise):
            let maker = try StreamMaker(
                recipe, clips: words(evaluation.keywords, in: data()),
                others: others.map { try self.others($0, than: evaluation.keywords) } ?? [],
                noises: DataSet(option: noise).clips.map { ($0.path, try $0.read()) })
            return try play(
                SimulatedStreams(maker, count: count), evaluation, model, description)
        }
    }

    private func words(
        _ keywords: [String], in data: DataSet
    ) throws -> [(name: String, label: String, samples: [Int16])] {
        var chosen: [(String, String, [Int16])] = []
        for keyword in keywords {
            let clips = data.clips.filter { $0.label == keyword || $0.word == keyword }
            guard !clips.isEmpty else {
                throw EvaluationError(.badData, data.root, "no clip of '\(keyword)'")
            }
            chosen += try clips.map { ($0.path, keyword, try $0.read()) }
        }
        return chosen
    }

    /// The clips of data sets in which no keyword is said.
    private func others(
        _ text: String, than keywords: [String]
    ) throws -> [(name: String, label: String, samples: [Int16])] {
        try DataSet(option: text).clips
            .filter { clip in
                !(keywords + ["silence"]).contains { $0 == clip.label || $0 == clip.word }
            }
            .map { ($0.path, $0.label, try $0.read()) }
    }

    private func play(
        _ source: some AudioSource, _ evaluation: StreamEvaluation, _ model: EvaluatedModel,
        _ description: ModelDescription
    ) throws -> StreamReport {
        let progress = Progress("listening", total: part.indices(of: source.count).count)
        let result =
            isFloatOnly
            ? try FloatStreams(
                model.graph, description, keywords: keywords, threshold: threshold
            ).run(source, part: part) { _, _ in progress.advance() }
            : try evaluation.run(source, part: part) { _, _ in progress.advance() }
        let seconds = Double(result.tally.score.samples) / Double(AudioFile.sampleRate)
        let speed = JSON.decimal(seconds / max(result.seconds, 1e-9), digits: 1)
        Console.error(
            "kwsc: the \(isFloatOnly ? "float network" : "library") hears \(speed) seconds of audio "
                + "a second and core\n")
        let thresholds = evaluation.thresholds.map { JSON.decimal(Double($0) / 65536, digits: 4) }
        let setting =
            (isFloatOnly ? "float, " : "")
            + "model \(model.block.withUnsafeBytes { CRC32.of($0) }), \(source.setting), thresholds "
            + thresholds.joined(separator: " ")
        return StreamReport(
            options: report, saved: SavedPart(setting: setting, part: part, tally: result.tally),
            pieces: result.pieces)
    }
}

extension Arguments {
    /// Two numbers LOW,HIGH, or one that is both.
    fileprivate func range(
        _ name: String, in allowed: ClosedRange<Double>
    ) throws(UsageError) -> ClosedRange<Double>? {
        guard let text = text(name) else { return nil }
        let limits = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0) ?? .nan }
        guard let low = limits.first, let high = limits.last, limits.count <= 2, low <= high,
            low >= allowed.lowerBound, high <= allowed.upperBound
        else {
            throw UsageError(
                "\(name) is '\(text)', allowed are LOW,HIGH from "
                    + "\(Int(allowed.lowerBound)) to \(Int(allowed.upperBound))")
        }
        return low...high
    }

    /// `--threshold` in units of 1/65536.
    func threshold() throws(UsageError) -> UInt16? {
        try number("--threshold", in: 0...1).map { UInt16(min(65534, ($0 * 65536).rounded())) }
    }
}
