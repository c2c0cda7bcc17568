// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// An application of Firmware/InFlash, linked with a model for a board.
package struct InFlashImage: Sendable {
    package enum Level: String, Sendable, CaseIterable {
        case speed
        case size
    }

    package enum Compiler: String, Sendable, CaseIterable {
        case clang
        case gcc
    }

    package var compiler: Compiler
    package var level: Level
    /// Whether the kernels are those in plain C, whatever the core has.
    package var isPortable: Bool

    package init(
        compiler: Compiler = .clang, level: Level = .speed, isPortable: Bool = false
    ) {
        self.compiler = compiler
        self.level = level
        self.isPortable = isPortable
    }

    /// Links the Parity application with the files that `kwsc compile` wrote into a folder.
    ///
    /// - Throws: if the image is larger than the board's memory (bad data), there is no checkout, or
    ///   building fails.
    package func parity(
        in folder: String, for board: EmulatedBoard
    ) throws(EvaluationError) -> ParityBoard {
        let image = "\(folder)/\(board.name)-parity"
        guard try run(["in-flash", "parity", board.name, folder, image], on: board) != nil else {
            throw EvaluationError(.badData, board.name, "the model does not fit into its memory")
        }
        return ParityBoard(board, image: image)
    }

    /// Runs a command of Toolchains/run that links an image; its last two arguments are added.
    ///
    /// - Returns: what it wrote; nil if the image is larger than the board's memory.
    func run(_ command: [String], on board: EmulatedBoard) throws(EvaluationError) -> String? {
        let tool = ToolRun(
            executable: try Checkout.find() + "/Toolchains/run",
            arguments: command + [compiler.rawValue, level.rawValue],
            environment: isPortable ? ["KWS_PORTABLE": "1"] : [:])
        let (code, output) = try tool.run(secondsMax: 1200)
        if code == 0 { return output }
        if output.contains("overflowed by") || output.contains("will not fit in region") {
            return nil
        }
        throw EvaluationError(.failure, board.name, String(output.suffix(2000)))
    }
}
