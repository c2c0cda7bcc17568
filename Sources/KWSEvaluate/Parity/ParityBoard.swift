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

    /// The boards that are known here.
    package static let names = ["mps2-an386"]

    /// Finds the image that `Toolchains/run firmware` leaves.
    ///
    /// - Parameter folder: where the images are; nil looks at `KWS_FIRMWARE`, then at
    ///   `.build/firmware` above the current folder and above this tool.
    /// - Throws: if there is no such image, saying how to build it.
    package static func find(
        _ name: String, folder: String? = nil
    ) throws(EvaluationError) -> ParityBoard {
        guard names.contains(name) else {
            throw EvaluationError(.badData, name, "no such board; there are: \(names)")
        }
        let candidates = folder.map { [$0] } ?? defaultFolders
        for folder in candidates {
            let image = "\(folder)/\(name)/Parity"
            if FileManager.default.fileExists(atPath: image) {
                return ParityBoard(
                    name: name, core: "cortex-m4", machine: "mps2-an386", image: image)
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
