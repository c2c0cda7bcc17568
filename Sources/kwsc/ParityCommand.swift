// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph

let parityCommand = Command(
    name: "parity", usage: "MODEL --data DIR [--board NAME|all|none]",
    summary: "Compares Swift reference, C library and both on an emulated board, byte for byte.",
    options: modelOptions + dataOptions + [
        .init("--board", "NAME", "an emulated board, all (default), or none: this machine only"),
        .init("--firmware", "DIR", "folder of firmware images (default: .build/firmware)"),
        .init("--chunk", "SAMPLES", "samples a push (default 160)"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1
) { arguments in
    let board = try arguments.choice("--board", of: ParityBoard.names + ["all", "none"]) ?? "all"
    let chunk = try arguments.integer("--chunk", in: 1...100_000) ?? 160
    let names = board == "all" ? ParityBoard.names : board == "none" ? [] : [board]
    let boards = try names.map { try ParityBoard.find($0, folder: arguments.text("--firmware")) }
    let data = try dataSet(arguments)
    let compilation = try compile(arguments).compilation
    let run = try ParityRun(
        block: compilation.block.bytes, name: compilation.model.name,
        names: compilation.model.graph.layers.map(\.name), boards: boards, chunk: chunk)
    let progress = Progress("comparing", total: data.clips.count)
    let report = try run.run(data.clips.map(\.path), read: AudioFile.read) { progress.advance() }
    Console.out(arguments.flag("--json") ? report.json.text + "\n" : report.text)
    return report.mismatches.isEmpty ? .done : .checkFailed
}
