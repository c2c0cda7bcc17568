// SPDX-License-Identifier: Apache-2.0

/// One subcommand of `kwsc`.
struct Command: Sendable {
    var name: String
    /// Such as `MODEL -o DIR`.
    var usage: String
    var summary: String
    var options: [Arguments.Option]
    var positionals: ClosedRange<Int>
    /// Returns the exit code: 0 done, 1 the check failed.
    var run: @Sendable (Arguments) throws -> ExitCode

    var help: String {
        var text = "usage: kwsc \(name) \(usage)\n\n\(summary)\n"
        let left = options.map { [$0.name, $0.value].compactMap(\.self).joined(separator: " ") }
        let width = left.map(\.count).max() ?? 0
        if !options.isEmpty { text += "\noptions:\n" }
        for (option, name) in zip(options, left) {
            text +=
                "  " + name + String(repeating: " ", count: width - name.count + 2)
                + option.help + "\n"
        }
        return text
    }
}

/// How `kwsc` ends, as documented in README.md.
enum ExitCode: Int32 {
    case done = 0
    case checkFailed = 1
    case usage = 64
    case badInput = 65
    case noInput = 66
    case internalError = 70
}
