// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSGraph

/// Writes a set of files into a folder so that each is there whole or not at all.
///
/// Everything is first written into a hidden folder beside the target and then renamed into place;
/// if anything fails the hidden folder goes and the target stays as it was.
package struct OutputFolder {
    package let path: String
    private var files: [(name: String, bytes: [UInt8])] = []

    package init(path: String) {
        self.path = path
    }

    package mutating func add(_ name: String, _ bytes: [UInt8]) {
        files.append((name, bytes))
    }

    package mutating func add(_ name: String, _ text: String) {
        add(name, Array(text.utf8))
    }

    package var names: [String] { files.map(\.name) }

    package func write() throws(OutputError) {
        let manager = FileManager.default
        let target = URL(fileURLWithPath: path)
        let staging = target.deletingLastPathComponent()
            .appendingPathComponent(
                ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
        do {
            defer { try? manager.removeItem(at: staging) }
            for file in files {
                let url = staging.appendingPathComponent(file.name)
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: url)
            }
            if !manager.fileExists(atPath: target.path) {
                try manager.moveItem(at: staging, to: target)
                return
            }
            for file in files {
                let url = target.appendingPathComponent(file.name)
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                guard rename(staging.appendingPathComponent(file.name).path, url.path) == 0 else {
                    throw OutputError(path: url.path, fact: String(cString: strerror(errno)))
                }
            }
        } catch let error as OutputError {
            throw error
        } catch {
            throw OutputError(path: path, fact: error.localizedDescription)
        }
    }
}

/// A folder or file that could not be written.
package struct OutputError: InputError {
    package let path: String
    package let fact: String

    package var description: String { "\(path): cannot be written: \(fact)" }
}
