// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEmit

/// Writes a file whole or not at all.
///
/// - Throws: `OutputError` naming the file.
func writeFile(_ data: Data, to path: String) throws {
    do {
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw OutputError(path: path, fact: error.localizedDescription)
    }
}
