// SPDX-License-Identifier: Apache-2.0

/// What the user wrote behind a command's name, checked against what the command takes.
struct Arguments {
    /// An option as the command declares it; `value` names its argument, nil makes it a flag.
    struct Option: Sendable {
        var name: String
        var value: String?
        var help: String

        init(_ name: String, _ value: String? = nil, _ help: String) {
            self.name = name
            self.value = value
            self.help = help
        }
    }

    let positionals: [String]
    private let given: [String: String]

    /// - Throws: `UsageError` for an unknown option, a missing or doubled value, or a wrong number of
    ///   positionals.
    init(
        _ words: some Sequence<String>, options: [Option], positionals allowed: ClosedRange<Int>
    ) throws(UsageError) {
        var positionals: [String] = []
        var given: [String: String] = [:]
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                continue
            }
            let name = String(word.prefix { $0 != "=" })
            guard let option = options.first(where: { $0.name == name }) else {
                throw UsageError("unknown option \(name)")
            }
            guard given[name] == nil else { throw UsageError("\(name) is given twice") }
            if let value = option.value {
                if word.contains("=") {
                    given[name] = String(word.dropFirst(name.count + 1))
                } else if let next = rest.popFirst() {
                    given[name] = next
                } else {
                    throw UsageError("\(name) needs a value: \(name) \(value)")
                }
            } else {
                guard !word.contains("=") else { throw UsageError("\(name) takes no value") }
                given[name] = ""
            }
        }
        guard allowed.contains(positionals.count) else {
            throw UsageError(
                "found \(positionals.count) argument(s), allowed \(allowed.lowerBound)"
                    + (allowed.count > 1 ? " to \(allowed.upperBound)" : ""))
        }
        self.positionals = positionals
        self.given = given
    }

    func flag(_ name: String) -> Bool { given[name] != nil }

    func text(_ name: String) -> String? { given[name] }

    func required(_ name: String) throws(UsageError) -> String {
        guard let text = given[name] else { throw UsageError("\(name) is required") }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = given[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw UsageError(
                "\(name) is '\(text)', allowed is an integer from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
        guard let text = given[name] else { return nil }
        guard let value = Double(text), range.contains(value) else {
            throw UsageError(
                "\(name) is '\(text)', allowed is a number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return value
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of choices: Choice.Type
    ) throws(UsageError) -> Choice? {
        try choice(name, of: choices.allCases.map(\.rawValue)).flatMap { Choice(rawValue: $0) }
    }

    func choice(_ name: String, of allowed: [String]) throws(UsageError) -> String? {
        guard let text = given[name] else { return nil }
        guard allowed.contains(text) else {
            throw UsageError(
                "\(name) is '\(text)', allowed is one of: \(allowed.joined(separator: ", "))")
        }
        return text
    }
}

/// A command line that cannot be carried out as written.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
