// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// An emulated board with a Parity image.
package struct ParityBoard: Hashable, Sendable {
    package var name: String
    package var core: String
    package var machine: String
    package var image: String

    package init(name: String, core: String, machine: String, image: String) {
        self.name = name
        self.core = core
        self.machine = machine
        self.image = image
    }

    /// The boards that are known here: those of Firmware/Boards with memory for test data.
    package static let all: [(name: String, core: String, machine: String)] = [
        ("mps2-an385-m0plus", "cortex-m0plus", "mps2-an385"),
        ("mps2-an385", "cortex-m3", "mps2-an385"),
        ("mps2-an386", "cortex-m4", "mps2-an386"),
        ("mps2-an500", "cortex-m7", "mps2-an500"),
        ("mps2-an505", "cortex-m33", "mps2-an505"),
        ("mps3-an547", "cortex-m55", "mps3-an547"),
    ]

    package static var names: [String] { all.map(\.name) }

    /// Finds the image that `Toolchains/run firmware` leaves.
    ///
    /// - Parameter folder: where the images are; nil looks at `KWS_FIRMWARE`, then at
    ///   `.build/firmware` above the current folder and above this tool.
    /// - Throws: if there is no such image, saying how to build it.
    package static func find(
        _ name: String, folder: String? = nil
    ) throws(EvaluationError) -> ParityBoard {
        guard let board = all.first(where: { $0.name == name }) else {
            throw EvaluationError(.badData, name, "no such board; there are: \(names)")
        }
        let candidates = folder.map { [$0] } ?? defaultFolders
        for folder in candidates {
            let image = "\(folder)/\(name)/Parity"
            if FileManager.default.fileExists(atPath: image) {
                return ParityBoard(
                    name: name, core: board.core, machine: board.machine, image: image)
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
