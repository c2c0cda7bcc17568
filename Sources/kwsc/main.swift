// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSGraph

let commands = [
    compileCommand, inspectCommand, evaluateCommand, mergeCommand, listenCommand, parityCommand,
    benchCommand, trainCommand, makeCommand,
]

func mainHelp() -> String {
    var text = "kwsc \(toolVersion): compiles keyword-spotting models for microcontrollers\n\n"
    text += "usage: kwsc COMMAND ...\n\n"
    for command in commands {
        text += "  \(command.name) \(command.usage)\n      \(command.summary)\n"
    }
    return text + "\n'kwsc COMMAND --help' tells a command's options.\n"
}

func run(_ words: [String]) -> ExitCode {
    guard let name = words.first else {
        Console.error(mainHelp())
        return .usage
    }
    if ["--help", "-h", "help"].contains(name) {
        Console.out(mainHelp())
        return .done
    }
    if name == "--version" {
        Console.out("kwsc \(toolVersion)\n")
        return .done
    }
    // The one with the most words, as "evaluate merge".
    let fitting = commands.filter {
        words.starts(with: $0.name.split(separator: " ").map(String.init))
    }
    guard let command = fitting.max(by: { $0.name.count < $1.name.count }) else {
        Console.error(
            "kwsc: '\(name)' is not a command; allowed: "
                + commands.map(\.name).joined(separator: ", ") + "\n")
        return .usage
    }
    if words.contains("--help") || words.contains("-h") {
        Console.out(command.help)
        return .done
    }
    do {
        let arguments = try Arguments(
            words.dropFirst(command.name.split(separator: " ").count), options: command.options,
            positionals: command.positionals)
        return try command.run(arguments)
    } catch let error as UsageError {
        Console.error(
            "kwsc \(command.name): \(error)\nusage: kwsc \(command.name) \(command.usage)\n")
        return .usage
    } catch let error as any InputError {
        Console.error("kwsc \(command.name): \(error)\n")
        return ExitCode(rawValue: error.exitCode) ?? .badInput
    } catch {
        Console.error("kwsc \(command.name): internal error: \(error)\n")
        return .internalError
    }
}

exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
