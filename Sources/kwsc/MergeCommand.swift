// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

let mergeCommand = Command(
    name: "evaluate merge", usage: "FILE...",
    summary: "Adds up what the parts of 'kwsc evaluate --shard' have saved, as if played at once.",
    options: curveOptions + [
        .init("--save", "FILE", "keep the sum"),
        .init(
            "--require-detected", "A", "exit with 1 if fewer words are detected, or anything else"),
        .init("--json", nil, "print one JSON object on standard output"),
    ],
    positionals: 1...1_000_000
) { arguments in
    let parts = try arguments.positionals.map { (file: $0, saved: try SavedPart(file: $0)) }
    let report = StreamReport(saved: try SavedPart.merge(parts), pieces: [])
    try report.write(arguments)
    Console.out(
        arguments.flag("--json")
            ? JSON.object(try report.members(arguments)).text + "\n" : try report.text(arguments))
    return try report.isGoodEnough(arguments) ? .done : .checkFailed
}
