// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph

let benchCommand = Command(
    name: "bench", usage: "[MODEL] [--board NAME|all] [--compare FILE]",
    summary:
        "Counts the instructions of a model on emulated boards, layer by layer. MODEL may also be "
        + "one operator:\n" + SyntheticModel.forms.map { "  \($0)" }.joined(separator: "\n"),
    options: modelOptions + [
        .init("--board", "NAME", "an emulated board, or all (default)"),
        .init("--optimize", "GOAL", "speed (default) or size: which archive of the library"),
        .init("--compiler", "NAME", "clang (default) or gcc builds the library"),
        .init("--portable", nil, "the kernels in plain C, whatever the core has"),
        .init("--compare", "FILE", "put figures of other engines beside these"),
        .init("--front-end", nil, "report one hop of the front end too"),
        .init("--summary", nil, "print the table of all cores only"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 0...1
) { arguments in
    let name = try arguments.choice("--board", of: EmulatedBoard.names + ["all"]) ?? "all"
    let boards = EmulatedBoard.all.filter { name == "all" || $0.name == name }
    let application = InFlashImage(
        compiler: try arguments.choice("--compiler", of: InFlashImage.Compiler.self) ?? .clang,
        level: try arguments.choice("--optimize", of: InFlashImage.Level.self) ?? .speed,
        isPortable: arguments.flag("--portable"))
    let peers = try arguments.text("--compare").map { try PeerTable(path: $0) }
    let path = try arguments.positionals.first ?? Checkout.find() + "/Firmware/Demo/model.onnx"

    let asked = try compile(arguments, path: path).compilation
    let compilation = asked.windowed
    let inFlash = InFlashFolders(compilation, isPortable: application.isPortable)
    defer { inFlash.remove() }
    let bench = BenchRun(application)
    let progress = Progress("counting", total: boards.count)
    let outcomes = try boards.map { board in
        let outcome = try bench.run(
            benchModel(compilation, inFlash.model(for: board)), in: inFlash.folder(for: board),
            on: board)
        progress.advance()
        return outcome
    }
    var rows: [String: BenchResult] = [:]
    if asked.model.graph.streaming != nil {
        let inFlash = InFlashFolders(asked, isPortable: application.isPortable)
        defer { inFlash.remove() }
        for board in boards {
            let outcome = try bench.run(
                benchModel(asked, inFlash.model(for: board)), in: inFlash.folder(for: board),
                on: board)
            if case .measured(let result) = outcome { rows[board.name] = result }
        }
    }
    if boards.count == 1, case .tooLarge(let board)? = outcomes.first {
        throw EvaluationError(.badData, board.name, "the image does not fit into its memory")
    }
    let report = BenchReport(
        name: compilation.model.name, application: application, outcomes: outcomes, peers: peers,
        rows: rows, hasFrontEnd: arguments.flag("--front-end"))
    Console.out(
        arguments.flag("--json")
            ? report.json.text + "\n"
            : arguments.flag("--summary") ? report.summary : report.text)
    return .done
}

/// What the measurement has to know of a model as it is compiled for a core.
private func benchModel(_ compilation: Compilation, _ model: CompiledModel) -> BenchModel {
    let block = ModelBlock(model)
    let macs = Dictionary(
        compilation.floatGraph.nodes.map { ($0.name, compilation.floatGraph.macs(of: $0)) },
        uniquingKeysWith: { first, _ in first })
    let streaming = model.graph.streaming
    let newRows = streaming?.newRows(model.graph) ?? []
    let frontEndTables = Int(model.frontEnd?.tablesBytes ?? 0)
    let hops = model.frontEnd.map { Double($0.sampleRate) / Double($0.hopSamples) } ?? 0
    return BenchModel(
        name: model.name,
        layers: model.graph.layers.enumerated().map { index, layer in
            .init(
                name: layer.name, operation: layer.operation.name, macs: macs[layer.name] ?? 0,
                newRows: index < streaming?.layers ?? 0 ? newRows[index + 1] : nil)
        },
        ramBytes: model.plan.arenaBytes,
        // KWS_INSTANCE_BYTES where pointers have four bytes.
        instanceBytes: 72 + InstanceSize(model).modelBytes,
        tableBytes: block.tableBytes,
        descriptorBytes: block.bytes.count - block.tableBytes - frontEndTables,
        frontEndTableBytes: frontEndTables, hopsPerSecond: hops,
        inferencesPerSecond: hops / Double(model.detection?.inferenceHops ?? 1),
        keepsRows: streaming != nil)
}
