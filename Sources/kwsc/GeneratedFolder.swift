// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit

/// Writes what `kwsc compile` would write into a folder that goes afterwards.
func withGeneratedFiles<T>(
    of compilation: Compilation, _ body: (_ folder: String) throws -> T
) throws -> T {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("kws-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files = OutputFolder(path: folder)
    GeneratedFiles(compilation.model, compilation.block, toolVersion: toolVersion).add(to: &files)
    try files.write()
    return try body(folder)
}
