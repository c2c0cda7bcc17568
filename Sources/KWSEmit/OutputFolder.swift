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
        let exists = manager.fileExists(atPath: target.path)
        // Beside a new folder, inside an existing one: renaming needs one file system.
        let name = ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
        let staging = (exists ? target : target.deletingLastPathComponent())
            .appendingPathComponent(name)
        do {
            defer { try? manager.removeItem(at: staging) }
            for file in files {
                let url = staging.appendingPathComponent(file.name)
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: url)
            }
            if !exists {
                try manager.moveItem(at: staging, to: target)
                return
            }
            // All that can fail comes before the first rename.
            for file in files {
                let url = target.appendingPathComponent(file.name)
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                var isFolder: ObjCBool = false
                if manager.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue
                {
                    throw OutputError(path: url.path, fact: "a folder has this name")
                }
            }
            for file in files {
                let url = target.appendingPathComponent(file.name)
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

    package init(path: String, fact: String) {
        self.path = path
        self.fact = fact
    }

    package var description: String { "\(path): cannot be written: \(fact)" }
}
