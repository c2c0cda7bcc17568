// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

let mergeCommand = Command(
    name: "evaluate merge", usage: "FILE...",
    summary: "Adds up what the parts of 'kwsc evaluate --shard' have saved, as if played at once.",
    options: StreamReport.Options.declared + [
        .init("--json", nil, "print one JSON object on standard output")
    ],
    positionals: 1...1_000_000
) { arguments in
    let options = try StreamReport.Options(arguments)
    let parts = try arguments.positionals.map { (file: $0, saved: try SavedPart(file: $0)) }
    let report = StreamReport(options: options, saved: try SavedPart.merge(parts), pieces: [])
    try report.write()
    Console.out(arguments.flag("--json") ? JSON.object(report.members).text + "\n" : report.text)
    return report.isGoodEnough ? .done : .checkFailed
}
