// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSPasses
internal import KWSReport

let compileCommand = Command(
    name: "compile", usage: "MODEL -o DIR [--calibrate DATA]",
    summary: "Compiles float weights to integer tables, C kernels and a report.",
    options: modelOptions + [
        .init("-o", "DIR", "the folder to write; made if it is not there"),
        targetOption,
        .init("--pcm-buffer", "SAMPLES", "samples the instance buffers between push and poll"),
        .init("--dump-after", "PASS", "print the float graph after a pass, or 'all'"),
        .init(
            "--evaluate", "DIR", "labelled recordings to measure the accuracy on, step by step"),
        .init("--evaluate-split", "NAME", "only this part of them: train, val or test"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1
) { arguments in
    let outputPath = try arguments.required("-o")
    guard !outputPath.isEmpty else { throw UsageError("-o is empty, allowed is a folder") }
    let dump = try arguments.choice("--dump-after", of: standardPasses.map(\.name) + ["all"])
    let options = Compilation.Options(
        pcmCapacity: try arguments.integer("--pcm-buffer", in: 1...1_000_000),
        variant: try variant(arguments)
    ) { pass, graph in
        if dump == pass || dump == "all" { Console.error("after \(pass): \(graph.dump)\n") }
    }
    let result = try compile(arguments, options)
    // Without a front end recordings are of no use.
    let takesSound = result.compilation.model.frontEnd != nil
    var report = Report(
        result.compilation, calibration: takesSound ? result.calibration.path : nil)
    if let pruning = result.pruning { report.steps.insert(pruning.step, at: 1) }
    report.sensitivity = Sensitivity(result.compilation)
    report.accuracy = try accuracy(arguments, result.compilation, steps: report.steps)

    var folder = OutputFolder(path: outputPath)
    GeneratedFiles(result.compilation.model, result.compilation.block, toolVersion: toolVersion)
        .add(to: &folder)
    folder.add("report.html", ReportPage(report).text)
    folder.add("report.json", report.json(files: folder.names).text + "\n")
    try folder.write()

    Console.out(
        arguments.flag("--json")
            ? report.json(files: folder.names).text + "\n"
            : CompileReport(report).text(outputPath))
    return .done
}

/// How well the network hears before and after each step, where recordings are given.
private func accuracy(
    _ arguments: Arguments, _ compilation: Compilation, steps: [Report.Step]
) throws -> Report.Accuracy? {
    guard let path = arguments.text("--evaluate") else {
        guard arguments.text("--evaluate-split") == nil else {
            throw UsageError("--evaluate-split needs --evaluate DIR")
        }
        return nil
    }
    let data = try DataSet.load(path, split: arguments.text("--evaluate-split"))
    let networks = steps.compactMap { step in step.network.map { (step.name, $0) } }
    // The same integers in the order that the library reads here.
    let evaluation = try Evaluation(
        evaluatedModel(compilation.targeting(.portable)), steps: networks)
    let progress = Progress("evaluating", total: data.clips.count)
    return Report.Accuracy(
        try evaluation.run(data) { _, _ in progress.advance() }, data: path)
}

/// What every command takes that compiles a model.
let modelOptions: [Arguments.Option] =
    [
        .init(
            "--description", "FILE",
            "the model's description (X.kws.json), or a built-in one's name"),
        .init(
            "--calibrate", "DATA",
            "recordings to set activation ranges by: an index.csv set, a folder"
                + " of word folders, or a WAV"),
        .init("--calibration-clips", "N", "clips taken from it at even distances (default 120)"),
        .init(
            "--weights", "BITS",
            "bits of a weight: 8 (default), 4, 3 or 2; 'auto', for each layer by what it does to the"
                + " scores; or 'learned'"),
        .init(
            "--activations", "BITS",
            "bits of a hidden activation: 8 (default), 4 or 2; or 'learned', \(learnedActivations) at"
                + " most in the mean"),
        .init(
            "--budget", "BYTES",
            "most bytes of weights and per-channel data, such as 8KB, for 'auto' and 'learned'"),
        .init(
            "--train", "DATA",
            "recordings to train the pruned or rounded network on; the float one is its teacher"),
        .init(
            "--hop", "HOPS",
            "hops of the front end from one decision to the next, 1 to 255 (default: the"
                + " description's)"),
        .init(
            "--execution", "MODE",
            "window: each decision computes all of its window; rows: layers keep rows, and new ones are"
                + " computed only; auto (default): rows where that takes fewer products"),
        .init("--train-epochs", "N", "how often they are heard (default 30 to prune, 40 to round)"),
    ] + pruneOptions

/// Loads and compiles the MODEL of a command line.
///
/// - Parameter path: the model where it is not the first positional.
func compile(
    _ arguments: Arguments, path: String? = nil, _ options: Compilation.Options = .init()
) throws -> (compilation: Compilation, calibration: CalibrationSource, pruning: PruneSummary?) {
    var options = options
    options.hops = try arguments.integer("--hop", in: 1...255)
    options.execution =
        try arguments.choice("--execution", of: Compilation.Execution.self) ?? .auto
    let widths = try WidthArguments(arguments)
    let path = path ?? arguments.positionals[0]
    var loaded =
        try SyntheticModel(path)?.loaded
        ?? ModelFile.load(path: path, descriptionPath: arguments.text("--description"))
    for note in loaded.notes { Console.error("kwsc: \(note)\n") }
    let calibration = CalibrationSource(
        path: arguments.text("--calibrate"),
        clips: try arguments.integer("--calibration-clips", in: 1...100_000) ?? 120)
    let pruning = try prune(&loaded, arguments, calibration)
    let features = loaded.description.quantisation == nil ? try calibration.features(loaded) : []
    options.widths = try widths.apply(to: &loaded, features: features)
    let progress = Progress("calibrating", total: features.count)
    let compilation = try Compilation(loaded, features: features, options: options) {
        progress.advance()
    }
    try widths.check(compilation)
    // Who runs it has the last word: the library, whose build here reads the portable order only, and
    // the reference, which reads all.
    _ = try LoadedBlock(
        compilation.targeting(.portable).block.bytes, name: compilation.model.name)
    _ = try ReferenceBlock(compilation.block.bytes, name: compilation.model.name)
    return (compilation, calibration, pruning)
}

let targetOption = Arguments.Option(
    "--target", "CORE",
    "whose kernels the model is for: " + KernelVariant.targets.joined(separator: ", "))

/// The kernels that `--target` asks for.
func variant(_ arguments: Arguments) throws(UsageError) -> KernelVariant {
    let target = try arguments.choice("--target", of: KernelVariant.targets) ?? "host"
    return KernelVariant.of(target: target) ?? .portable
}
