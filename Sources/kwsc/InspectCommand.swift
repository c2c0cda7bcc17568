// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEvaluate
internal import KWSGraph
internal import KWSModelFile

let inspectCommand = Command(
    name: "inspect", usage: "MODEL [--phase PHASE]",
    summary: "Prints a model in every phase of its compilation.",
    options: modelOptions + [
        .init("--phase", "PHASE", "only one of: imported, folded, integer, memory"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1
) { arguments in
    let phase = try arguments.choice("--phase", of: ["imported", "folded", "integer", "memory"])
    let (compilation, _) = try compile(arguments)
    if arguments.flag("--json") {
        Console.out(InspectReport(compilation).json.text + "\n")
        return .done
    }
    let phases = InspectReport(compilation).phases.filter { phase == nil || $0.name == phase }
    Console.out(phases.map { "# \($0.name)\n\($0.text)" }.joined(separator: "\n"))
    return .done
}
