// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile

let evaluateCommand = Command(
    name: "evaluate", usage: "MODEL --data DIR [--stream N --noise DIR | --recordings FILE]",
    summary: "Measures the accuracy of float model, integer reference and C library.",
    options: modelOptions + dataOptions + [
        .init("--require", "A", "exit with 1 if the library's accuracy is below A (0 to 1)")
    ] + streamOptions + [
        .init("--json", nil, "print one JSON object on standard output")
    ],
    positionals: 1...1
) { arguments in
    let required = try arguments.number("--require", in: 0...1)
    let streams = try StreamArguments(arguments)
    let clips = streams?.hasClips ?? true ? try dataSet(arguments) : nil
    let compilation = try compile(arguments).compilation
    let (model, description) = (try evaluatedModel(compilation), compilation.source.description)
    var report: EvaluationReport?
    // What keeps its states has no score of a clip.
    if let clips, streams == nil || !description.isStateful {
        let progress = Progress("evaluating", total: clips.clips.count)
        report = try Evaluation(model).run(clips) { _, _ in progress.advance() }
    } else if required != nil {
        throw UsageError("--require is about clips, and none are evaluated")
    }
    let streamReport = try streams?.run(model, description) { try dataSet(arguments) }
    try streamReport?.write()

    if arguments.flag("--json") {
        let json = report?.json ?? .object([])
        Console.out(json.adding(streamReport?.members ?? []).text + "\n")
    } else {
        let texts = [report?.text, streamReport?.text].compactMap(\.self)
        Console.out(texts.joined(separator: "\n"))
    }
    let isAccurate = report.map { $0.library.accuracy().value >= required ?? 0 } ?? true
    return isAccurate && streamReport?.isGoodEnough ?? true ? .done : .checkFailed
}

/// What every command takes that reads a data set.
let dataOptions: [Arguments.Option] = [
    .init("--data", "DIR", "an index.csv set or a folder of word folders (default: KWS_DATA)"),
    .init("--split", "NAME", "only this part of the set: train, val or test"),
    .init("--clips", "N", "only N clips at even distances"),
]

/// The data set of a command line.
func dataSet(_ arguments: Arguments) throws -> DataSet {
    let clips = try arguments.integer("--clips", in: 1...10_000_000)
    let root: String
    if let path = arguments.text("--data") {
        root = path
    } else if let folder = ProcessInfo.processInfo.environment["KWS_DATA"], !folder.isEmpty {
        let speech = "\(folder)/speech/gsc_v2_dev"
        root = FileManager.default.fileExists(atPath: speech) ? speech : folder
    } else {
        throw UsageError("--data is required where KWS_DATA is not set")
    }
    let data = try DataSet.load(root, split: arguments.text("--split"))
    return clips.map { data.spread($0) } ?? data
}

/// The float model and its block side by side.
///
/// - Throws: if the model has no front end, for then it can't take audio.
func evaluatedModel(_ compilation: Compilation) throws -> EvaluatedModel {
    guard let frontEnd = compilation.source.description.frontEnd else {
        throw EvaluationError(
            .badData, compilation.model.name,
            "the model takes features, not audio: its description names no front end")
    }
    var open = compilation.model
    open.detection?.lockoutHops = 0
    return EvaluatedModel(
        name: compilation.model.name, block: compilation.block.bytes,
        openBlock: ModelBlock(open).bytes,
        // The states of a stateful network are along a stream, for which layers are made ready.
        graph: compilation.source.description.isStateful
            ? compilation.floatGraph : compilation.source.imported,
        frontEnd: frontEnd,
        input: compilation.input)
}
