// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSMake
internal import KWSModelFile
internal import KWSPasses
internal import KWSRecipe
internal import KWSReport

/// The steps from recordings to a folder to link.
struct Maker {
    private let folder: String
    private let name: String
    private let arguments: Arguments
    private let seed: Int

    private var training: String { "\(folder)/training" }
    private var stem: String { "\(folder)/\(name)" }

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        let output = try arguments.required("-o")
        guard !output.isEmpty else { throw UsageError("-o is empty, allowed is a folder") }
        folder = URL(fileURLWithPath: output).path
        let given =
            arguments.text("--name")
            ?? URL(fileURLWithPath: arguments.positionals[0]).lastPathComponent
        let letters = given.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        name = (letters.first?.isNumber ?? true ? "words_" : "") + String(letters)
        seed = try arguments.integer("--seed", in: 0...Int(UInt32.max)) ?? 1
        _ = try variant(arguments)
        guard arguments.flag("--resume") || !FileManager.default.fileExists(atPath: training) else {
            throw UsageError(
                "'\(training)' is there already; allowed is another folder, or --resume to go on")
        }
    }

    /// Finds the recordings, divides the people, and writes what to train from.
    func prepare() throws -> TrainingSet {
        let words = arguments.text("--words")?.split(separator: ",").map(String.init)
        let found = try RecordingFolders(
            arguments.positionals[0], words: words, others: arguments.text("--others"),
            noise: arguments.text("--noise"))
        let people = HeldOutPeople(found.recordings, seed: UInt64(seed))
        if people.isByRecording {
            Console.error(
                "kwsc: no names of ten speakers or more (files called SPEAKER_nohash_N, or a column "
                    + "'speaker'): single recordings are held out, so the figures below are of "
                    + "voices that the model knows\n")
        }
        let progress = Progress("reading", total: people.recordings.count)
        let set = try TrainingSet(
            people, words: found.words, folder: training, seed: UInt64(seed)
        ) { _, _ in progress.advance() }
        func count(_ kind: Recording.Kind) -> Int {
            people.recordings.count { $0.kind == kind }
        }
        Console.out(
            found.words.map { "\($0): \(count(.word($0))) recordings\n" }.joined()
                + "other speech: \(count(.other)), noise: \(count(.noise)), synthesised: "
                + "\(set.synthesised)"
                + (set.converted > 0
                    ? ", converted to mono, 16 bit, 16 kHz: \(set.converted)" : "")
                + "\nto train on \(set.count(.train)), to choose by \(set.count(.val)), held out "
                + "\(set.count(.test)); a window is "
                + "\(JSON.decimal(Double(set.windowSamples) / 16000, digits: 2)) s\n")
        return set
    }

    private var recipePath: String { "\(folder)/recipe.json" }

    /// Leaves the recipe beside the training set.
    func writeRecipe(_ set: TrainingSet) throws -> MakeRecipe {
        let recipe = MakeRecipe(
            set, name: name, seed: seed,
            epochs: try arguments.integer("--epochs", in: 1...100_000))
        try Data(recipe.text.utf8).write(to: URL(fileURLWithPath: recipePath), options: .atomic)
        return recipe
    }

    /// Trains by the recipe.
    func train() throws {
        let recipe = try Recipe.load(path: recipePath)
        let run = try TrainingRun(
            recipe, data: folder, threads: ProcessInfo.processInfo.activeProcessorCount)
        let checkpoint = "\(stem).checkpoint"
        if arguments.flag("--resume"), FileManager.default.fileExists(atPath: checkpoint) {
            try run.restore(from: checkpoint)
        }
        try run.finish(checkpoint: checkpoint)
        _ = try recipe.write(run.graph, stem: stem)
    }

    /// A compiled model, and the threshold chosen for it.
    struct Choice {
        var bits: Int
        var compilation: Compilation
        var threshold: Double
        var hits: Proportion
        var falseAlarms: Proportion
    }

    /// The smallest of 4 and 8 bits that hears no less than half a point fewer words.
    func compress(_ recipe: MakeRecipe, _ set: TrainingSet) throws -> Choice {
        let asked = try arguments.choice("--weights", of: Widths.weightBits.map { "\($0)" })
        var choices: [Choice] = []
        for bits in asked.flatMap({ Int($0) }).map({ [$0] }) ?? [8, 4] {
            var choice = try compiled(set, bits: bits)
            let hearing = try hearing(of: choice.compilation, set, .val)
            choice.threshold = hearing.threshold
            choice.hits = hearing.hits(threshold: choice.threshold)
            choice.falseAlarms = hearing.falseAlarms(threshold: choice.threshold)
            choices.append(choice)
            Console.out(
                "\(bits)-bit weights: \(choice.compilation.block.tableBytes) bytes, threshold "
                    + "\(JSON.decimal(choice.threshold)); to choose by: "
                    + "\(percent(choice.hits)) % of the words heard, "
                    + "\(percent(choice.falseAlarms)) % of the rest taken for one\n")
        }
        guard var best = choices.first else { throw UsageError("no width") }
        for choice in choices.dropFirst() where choice.hits.value >= best.hits.value - 0.005 {
            best = choice
        }
        let text = recipe.description(threshold: best.threshold).text + "\n"
        try Data(text.utf8).write(
            to: URL(fileURLWithPath: "\(stem).kws.json"), options: .atomic)
        return try compiled(set, bits: best.bits, like: best)
    }

    private func compiled(_ set: TrainingSet, bits: Int, like: Choice? = nil) throws -> Choice {
        let model = try ModelFile.load(path: "\(stem).onnx", descriptionPath: nil)
        let calibration = CalibrationSource(path: training, clips: 240)
        let compilation = try Compilation(
            model, features: try calibration.features(model),
            options: .init(variant: try variant(arguments), widths: Widths(weights: bits)))
        let none = Proportion(successes: 0, trials: 0)
        return Choice(
            bits: bits, compilation: compilation, threshold: like?.threshold ?? 0,
            hits: like?.hits ?? none, falseAlarms: like?.falseAlarms ?? none)
    }

    private func hearing(
        of compilation: Compilation, _ set: TrainingSet, _ part: Recording.Part
    ) throws -> Hearing {
        let data = try DataSet.load(training, split: part.rawValue)
        let progress = Progress("listening", total: data.clips.count)
        return try Hearing(
            try evaluatedModel(compilation.targeting(.portable)), data: data, words: set.words
        ) { _, _ in progress.advance() }
    }

    /// Writes what to link and says how well it hears.
    func write(_ choice: Choice, _ set: TrainingSet) throws {
        let compilation = choice.compilation
        let hearing = try hearing(of: compilation, set, .test)
        var output = OutputFolder(path: "\(folder)/firmware")
        GeneratedFiles(compilation.model, compilation.block, toolVersion: toolVersion)
            .add(to: &output)
        let rows = hearing.rows(threshold: choice.threshold)
        var report = Report(compilation, calibration: training)
        report.steps.append(heldOut(rows, set, threshold: choice.threshold))
        output.add("report.html", ReportPage(report).text)
        let json = report.json(files: output.names).adding([
            ("threshold", .number(choice.threshold)),
            (
                "held_out",
                .array(
                    rows.map { row in
                        .object([
                            ("name", .string(row.name)),
                            ("recordings", .integer(row.heard.trials)),
                            ("heard", .integer(row.heard.successes)),
                            ("mistaken", .integer(row.mistaken.successes)),
                        ])
                    })
            ),
        ])
        output.add("report.json", json.text + "\n")
        try output.write()

        Console.out("\n" + CompileReport(report).text("\(folder)/firmware"))
        Console.out(
            "\nrecordings of people held out, C library, threshold "
                + "\(JSON.decimal(choice.threshold)):\n")
        for row in rows {
            let isWord = set.words.contains(row.name)
            let share = isWord ? row.heard : row.mistaken
            let limits = [share.interval.lowerBound, share.interval.upperBound]
                .map { JSON.decimal(100 * $0, digits: 1) }
            Console.out(
                "  \(row.name): \(share.successes) of \(share.trials) "
                    + (isWord ? "heard" : "taken for a word")
                    + " (\(percent(share)) %, 95 % interval \(limits[0]) to \(limits[1])"
                    + (isWord ? "; \(row.mistaken.successes) taken for another word" : "") + ")\n")
        }
    }

    /// What the report tells of the recordings that were kept back.
    private func heldOut(
        _ rows: [Hearing.Row], _ set: TrainingSet, threshold: Double
    ) -> Report.Step {
        Report.Step(
            name: "listen to people held out",
            summary: "Recordings of people that training never heard, through the C library.",
            facts: [("threshold", JSON.decimal(threshold))]
                + rows.map { row in
                    let isWord = set.words.contains(row.name)
                    let share = isWord ? row.heard : row.mistaken
                    return (
                        row.name,
                        "\(share.successes) of \(share.trials) "
                            + (isWord ? "heard" : "taken for a word")
                    )
                })
    }

    private func percent(_ share: Proportion) -> String {
        JSON.decimal(100 * share.value, digits: 1)
    }
}
