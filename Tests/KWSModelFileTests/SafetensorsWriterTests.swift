// SPDX-License-Identifier: Apache-2.0
// Goal: what SafetensorsWriter writes is what SafetensorsFile reads, to the bit, whole or not at all.
// Method: round trips of awkward names and numbers; the format's bytes by hand.

import Foundation
import KWSModelFile
import Testing

struct SafetensorsWriterTests {
    @Test("Names, notes, shapes and bit patterns come back")
    func roundTrip() throws {
        let scratch = try Scratch()
        let path = try scratch.write([], "tensors.safetensors")
        let name = "a \"b\" \\ \u{1} \u{E4}\u{1F600}\n"
        let numbers: [Float] = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        var writer = SafetensorsWriter(metadata: [("note", name), ("empty", "")])
        writer.add(name, shape: [2, 2], numbers)
        writer.add("none", shape: [0], [])
        writer.add("one", shape: [], [3])
        try writer.write(to: path)

        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == ["note": name, "empty": ""])
        #expect(
            try file.numbers(name, shape: [2, 2]).map(\.bitPattern) == numbers.map(\.bitPattern))
        #expect(try file.numbers("none", shape: [0]) == [])
        #expect(try file.numbers("one", shape: []) == [3])
        #expect(throws: ModelFileError.self) { try file.numbers(name, shape: [4]) }
        #expect(throws: ModelFileError.self) { try file.numbers("two", shape: []) }
    }

    @Test("The bytes are those of the format, tensors at a multiple of eight")
    func bytes() {
        var writer = SafetensorsWriter()
        writer.add("w", shape: [2], [1, -2])
        let header = #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        #expect(writer.bytes == SafetensorsTests.file(padded, SafetensorsTests.floats([1, -2])))
    }

    @Test("A file that cannot be written leaves what was there")
    func unwritable() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1, 2, 3], "old")
        let error = #expect(throws: ModelFileError.self) {
            try SafetensorsWriter().write(to: path + "/below")
        }
        #expect(error?.kind == .unwritable)
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == [1, 2, 3])
    }

    @Test("Notes that are no strings are refused")
    func badMetadata() throws {
        let scratch = try Scratch()
        let path = try scratch.write(
            SafetensorsTests.file(#"{"__metadata__":{"epoch":3}}"#, []), "m.safetensors")
        let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: path) }
        #expect(error?.place.contains("__metadata__.epoch") == true)
    }
}
