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
        .init(
            "--stream", nil,
            "play all clips one behind the other, on boards to the C library only"),
        .init(
            "--chunk", "SAMPLES",
            "samples a push (default 160); 0 draws sizes from 1 sample to 1 s (--stream: default)"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1
) { arguments in
    let board = try arguments.choice("--board", of: EmulatedBoard.names + ["all", "none"]) ?? "all"
    let isStream = arguments.flag("--stream")
    let chunk = try arguments.integer("--chunk", in: 0...100_000) ?? (isStream ? 0 : 160)
    // A board without a pool takes one clip at a time.
    let chosen = EmulatedBoard.all.filter {
        board == "all" ? $0.hasPool || !isStream : $0.name == board
    }
    if isStream, let small = chosen.first(where: { !$0.hasPool }) {
        throw UsageError("--stream needs a board with room for it, which \(small.name) has not")
    }
    let withPool = try chosen.filter(\.hasPool).map {
        try ParityBoard.find($0.name, folder: arguments.text("--firmware"))
    }
    let data = try dataSet(arguments)
    let compilation = try compile(arguments).compilation
    let inFlash = InFlashFolders(compilation)
    defer { inFlash.remove() }
    let oneModel = try chosen.filter { !$0.hasPool }.compactMap { board in
        do {
            return try InFlashImage().parity(in: inFlash.folder(for: board), for: board)
        } catch let error as EvaluationError {
            // Too small a board, or no checkout, is no reason to compare nowhere.
            guard chosen.count > 1, error.kind != .failure else { throw error }
            Console.error("kwsc: left out: \(error)\n")
            return nil
        }
    }
    let run = try ParityRun(
        block: compilation.block.bytes, name: compilation.model.name,
        names: compilation.model.graph.layers.map(\.name), boards: oneModel + withPool,
        chunk: chunk, isStream: isStream,
        deviceBlock: { compilation.targeting(core: $0.core).block.bytes })
    let progress = Progress("comparing", total: data.clips.count)
    let report = try run.run(data.clips.map(\.path), read: AudioFile.read) { progress.advance() }
    Console.out(arguments.flag("--json") ? report.json.text + "\n" : report.text)
    return report.mismatches.isEmpty ? .done : .checkFailed
}
