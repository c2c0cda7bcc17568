// SPDX-License-Identifier: Apache-2.0

/// The report of Toolchains/insn-counter, by region.
package struct BenchCounts: Sendable {
    /// Regions, as Firmware/InFlash/bench.c numbers them.
    package enum Region {
        package static let inference = 1
        package static let engine = 2
        package static let idlePoll = 5
        package static let featurePoll = 6
        package static let inferencePoll = 7
        package static let frame = 8
        package static let finish = 9
        package static let firstLayer = 16
    }

    /// What was executed in a region, over all of its intervals.
    package struct Tally: Hashable, Sendable {
        package var intervals = 0
        package var instructions = 0
        package var cycles = 0
        package var worstInstructions = 0
        package var worstCycles = 0
        /// By class, in the counter's order.
        package var classes: [Class] = []

        /// The mean of the intervals.
        package var meanInstructions: Int { intervals > 0 ? instructions / intervals : 0 }
        package var meanCycles: Int { intervals > 0 ? cycles / intervals : 0 }
    }

    /// Executed instructions of one class, such as "load".
    package struct Class: Hashable, Sendable {
        package var name: String
        package var count: Int
    }

    package private(set) var regions: [Int: Tally] = [:]

    /// Reads a report.
    ///
    /// - Throws: if a line is not what the counter writes, or its own check failed.
    package init(_ text: String, name: String) throws(EvaluationError) {
        var isChecked = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words == ["check", "ok"] {
                isChecked = true
                continue
            }
            guard words.count % 2 == 0, words.first == "region", let region = Int(words[1]) else {
                throw EvaluationError(.failure, name, "not a line of the counter: '\(line)'")
            }
            var tally = Tally()
            for index in stride(from: 2, to: words.count, by: 2) {
                guard let value = Int(words[index + 1]) else {
                    throw EvaluationError(.failure, name, "not a number: '\(words[index + 1])'")
                }
                tally.set(String(words[index]), value)
            }
            regions[region] = tally
        }
        guard isChecked else {
            throw EvaluationError(.failure, name, "the counter's own check failed")
        }
    }

    package subscript(region region: Int) -> Tally { regions[region] ?? Tally() }

    package func layer(_ index: Int) -> Tally { self[region: Region.firstLayer + index] }
}

extension BenchCounts.Tally {
    fileprivate mutating func set(_ key: String, _ value: Int) {
        switch key {
        case "intervals": intervals = value
        case "instructions": instructions = value
        case "cycles": cycles = value
        case "worst_instructions": worstInstructions = value
        case "worst_cycles": worstCycles = value
        default: classes.append(.init(name: key, count: value))
        }
    }
}
