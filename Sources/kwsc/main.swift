// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSGraph

let commands = [
    compileCommand, inspectCommand, evaluateCommand, listenCommand, parityCommand,
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
    guard let command = commands.first(where: { $0.name == name }) else {
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
            words.dropFirst(), options: command.options, positionals: command.positionals)
        return try command.run(arguments)
    } catch let error as UsageError {
        Console.error("kwsc \(name): \(error)\nusage: kwsc \(name) \(command.usage)\n")
        return .usage
    } catch let error as any InputError {
        Console.error("kwsc \(name): \(error)\n")
        return ExitCode(rawValue: error.exitCode) ?? .badInput
    } catch {
        Console.error("kwsc \(name): internal error: \(error)\n")
        return .internalError
    }
}

exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
