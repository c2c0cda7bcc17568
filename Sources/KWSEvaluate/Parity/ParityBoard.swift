// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// An emulated board with a Parity image.
package struct ParityBoard: Hashable, Sendable {
    package let board: EmulatedBoard
    package let image: String

    /// - Parameter image: for a board that holds one model at a time, with the model in it.
    package init(_ board: EmulatedBoard, image: String) {
        self.board = board
        self.image = image
    }

    package var name: String { board.name }
    package var core: String { board.core }
    var machine: String { board.machine }

    /// What can be compared on the board; the Swift reference needs the pool's room.
    var implementations: [ParityResult.Implementation] {
        board.hasPool ? [.library, .reference] : [.library]
    }

    /// Finds the image that `Toolchains/run firmware` leaves.
    ///
    /// - Parameter folder: where the images are; nil looks at `KWS_FIRMWARE`, then at
    ///   `.build/firmware` above the current folder and above this tool.
    /// - Throws: if there is no such image, saying how to build it.
    package static func find(
        _ name: String, folder: String? = nil
    ) throws(EvaluationError) -> ParityBoard {
        let board = try EmulatedBoard.find(name)
        guard board.hasPool else {
            throw EvaluationError(
                .badData, name, "holds one model at a time, so its image is built with the model")
        }
        let candidates = folder.map { [$0] } ?? defaultFolders
        for folder in candidates {
            let image = "\(folder)/\(name)/Parity"
            if FileManager.default.fileExists(atPath: image) {
                return ParityBoard(board, image: image)
            }
        }
        throw EvaluationError(
            .noSuchFile, "\(candidates.first ?? ".")/\(name)/Parity",
            "no firmware image; 'Toolchains/run firmware' builds it, "
                + "--firmware DIR or KWS_FIRMWARE names another folder")
    }

    private static var defaultFolders: [String] {
        if let folder = ProcessInfo.processInfo.environment["KWS_FIRMWARE"], !folder.isEmpty {
            return [folder]
        }
        var folders = [String]()
        let tool = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
            .resolvingSymlinksInPath()
        for start in [FileManager.default.currentDirectoryPath, tool.path] {
            var folder = URL(fileURLWithPath: start)
            while folder.path != "/" {
                folders.append(folder.appendingPathComponent(".build/firmware").path)
                folder.deleteLastPathComponent()
            }
        }
        return folders
    }
}
