// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile
internal import KWSReport

let inspectCommand = Command(
    name: "inspect", usage: "MODEL [--phase PHASE] [--memory [--svg FILE]]",
    summary: "Prints a model in every phase of its compilation.",
    options: modelOptions + [
        .init("--phase", "PHASE", "only one of: imported, folded, integer, memory"),
        .init("--memory", nil, "only the memory plan, as --phase memory"),
        .init("--svg", "FILE", "draw the memory plan: layers to the right, addresses upward"),
        targetOption,
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1
) { arguments in
    let chosen = try arguments.choice("--phase", of: ["imported", "folded", "integer", "memory"])
    let phase = arguments.flag("--memory") ? "memory" : chosen
    let (compilation, _, _) = try compile(arguments, .init(variant: variant(arguments)))
    if let path = arguments.text("--svg") {
        let drawing = MemoryDrawing(compilation.model.graph, compilation.model.plan)
        try writeFile(Data(drawing.text.utf8), to: path)
    }
    if arguments.flag("--json") {
        Console.out(InspectReport(compilation).json.text + "\n")
        return .done
    }
    let phases = InspectReport(compilation).phases.filter { phase == nil || $0.name == phase }
    Console.out(phases.map { "# \($0.name)\n\($0.text)" }.joined(separator: "\n"))
    return .done
}
