// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of the checkout that these tests look at.
struct Checkout {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Paths below a folder, relative to the root, of files with one of these endings.
    func files(below folder: String, endings: [String]) -> [String] {
        let url = root.appendingPathComponent(folder)
        let all = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
        return (all ?? []).filter { path in endings.contains { path.hasSuffix($0) } }
            .map { "\(folder)/\($0)" }.sorted()
    }
}
