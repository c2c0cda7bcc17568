// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSGraph

/// What `kwsc compile` would write for the cores of boards, in folders that go afterwards.
struct InFlashFolders {
    private let compilation: Compilation
    private let isPortable: Bool
    private let root: String

    /// - Parameter isPortable: for the kernels in plain C on every core.
    init(_ compilation: Compilation, isPortable: Bool = false) {
        self.compilation = compilation
        self.isPortable = isPortable
        root =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-\(UUID().uuidString)").path
    }

    /// The model as it is compiled for a board's core.
    func model(for board: EmulatedBoard) -> CompiledModel {
        (isPortable ? compilation.targeting(.portable) : compilation.targeting(core: board.core))
            .model
    }

    /// Writes the folder for a board's core.
    func folder(for board: EmulatedBoard) throws -> String {
        let model = model(for: board)
        let path = "\(root)/\(board.name)"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true)
        var files = OutputFolder(path: path)
        GeneratedFiles(model, ModelBlock(model), toolVersion: toolVersion).add(to: &files)
        try files.write()
        return path
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: root)
    }
}
