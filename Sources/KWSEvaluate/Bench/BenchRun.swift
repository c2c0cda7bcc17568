// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Measures a compiled model on emulated boards with Toolchains/run of a checkout.
package struct BenchRun: Sendable {
    /// How it went on a board.
    package enum Outcome: Sendable {
        case measured(BenchResult)
        /// The image is larger than the board's memory.
        case tooLarge(EmulatedBoard)
    }

    private let application: InFlashImage

    package init(_ application: InFlashImage) {
        self.application = application
    }

    /// Builds an image for the board from the folder that `kwsc compile` wrote, and runs it.
    package func run(
        _ model: BenchModel, in folder: String, on board: EmulatedBoard
    ) throws(EvaluationError) -> Outcome {
        let image = "\(folder)/\(board.name)"
        let command = ["measure", board.name, folder, image]
        guard let output = try application.run(command, on: board) else { return .tooLarge(board) }
        let counts = try BenchCounts(
            try BenchRun.text("\(image).counts"), name: "\(image).counts")
        let map = LinkMap(try BenchRun.text("\(image).map"))
        let executed = Executed(try BenchRun.text("\(image).histogram"))
        func stack(_ key: String) -> Int {
            let line = output.split(separator: "\n").first { $0.hasPrefix("\(key) ") }
            return line.flatMap { Int($0.dropFirst(key.count + 1)) } ?? 0
        }
        let result = BenchResult(
            board: board, model: model, counts: counts,
            codeBytes: map.libraryBytes(executing: executed.inference),
            frontEndCodeBytes: map.libraryBytes(
                executing: executed.polls.subtracting(executed.inference)),
            libraryCodeBytes: map.libraryBytes,
            stackBytes: stack("stack_bytes"), pollStackBytes: stack("poll_stack_bytes"))
        let parts = result.layers.reduce(result.engine.instructions) {
            $0 + $1.tally.instructions
        }
        guard parts == result.inference.instructions else {
            throw EvaluationError(
                .failure, board.name,
                "layers and engine are \(parts) instructions, an inference is "
                    + "\(result.inference.instructions)")
        }
        return .measured(result)
    }

    private static func text(_ path: String) throws(EvaluationError) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw EvaluationError(.failure, path, "\(error)")
        }
    }
}

/// Which addresses were executed, from the counter's histogram.
private struct Executed {
    var inference: Set<Int> = []
    var polls: Set<Int> = []

    init(_ histogram: String) {
        for line in histogram.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let address = Int(words[1], radix: 16) else { continue }
            switch Int(words[0]) {
            case BenchCounts.Region.inference: inference.insert(address)
            case BenchCounts.Region.featurePoll, BenchCounts.Region.inferencePoll:
                polls.insert(address)
            default: break
            }
        }
    }
}
