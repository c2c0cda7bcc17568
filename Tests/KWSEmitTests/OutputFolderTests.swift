// SPDX-License-Identifier: Apache-2.0
//
// Goal: an output folder is written whole or not at all.
// Method: folders that cannot be written, and ones that exist, in a temporary place.

import Foundation
import KWSEmit
import Testing

struct OutputFolderTests {
    func withPlace(_ body: (URL) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        try body(place)
    }

    @Test func writesFilesAndLeavesNothingElse() throws {
        try withPlace { place in
            var folder = OutputFolder(path: place.appendingPathComponent("out").path)
            folder.add("a.txt", "one")
            folder.add("sub/b.bin", [1, 2, 3])
            try folder.write()
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["out"])
            let b = try Data(contentsOf: place.appendingPathComponent("out/sub/b.bin"))
            #expect([UInt8](b) == [1, 2, 3])
        }
    }

    @Test func anExistingFolderKeepsItsOtherFiles() throws {
        try withPlace { place in
            let out = place.appendingPathComponent("out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: out.appendingPathComponent("notes.txt"))
            try Data("old".utf8).write(to: out.appendingPathComponent("a.txt"))
            var folder = OutputFolder(path: out.path)
            folder.add("a.txt", "new")
            try folder.write()
            #expect(
                try String(contentsOf: out.appendingPathComponent("a.txt"), encoding: .utf8)
                    == "new")
            #expect(
                try String(contentsOf: out.appendingPathComponent("notes.txt"), encoding: .utf8)
                    == "mine")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["out"])
        }
    }

    @Test func aFolderInTheWayOfALaterFileLeavesTheEarlierOnesAlone() throws {
        try withPlace { place in
            let out = place.appendingPathComponent("out")
            try FileManager.default.createDirectory(
                at: out.appendingPathComponent("b.txt"), withIntermediateDirectories: true)
            try Data("old".utf8).write(to: out.appendingPathComponent("a.txt"))
            var folder = OutputFolder(path: out.path)
            folder.add("a.txt", "new")
            folder.add("b.txt", "new")
            #expect(throws: OutputError.self) { try folder.write() }
            #expect(
                try String(contentsOf: out.appendingPathComponent("a.txt"), encoding: .utf8)
                    == "old")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: out.path).sorted()
                    == ["a.txt", "b.txt"])
        }
    }

    @Test func aFileInTheWayIsAnErrorThatNamesThePath() throws {
        try withPlace { place in
            let blocked = place.appendingPathComponent("file")
            try Data().write(to: blocked)
            var folder = OutputFolder(path: blocked.appendingPathComponent("out").path)
            folder.add("a.txt", "one")
            let error = #expect(throws: OutputError.self) { try folder.write() }
            #expect(error?.description.contains(blocked.path) == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["file"])
        }
    }
}
