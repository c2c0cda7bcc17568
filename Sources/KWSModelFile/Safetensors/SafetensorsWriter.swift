// SPDX-License-Identifier: Apache-2.0

/// Builds a safetensors file of float tensors: the same tensors and notes give the same bytes.
package struct SafetensorsWriter: Sendable {
    private var entries: [String] = []
    private var data: [UInt8] = []
    private let metadata: [(name: String, value: String)]

    /// - Parameter metadata: the file's `__metadata__`, in this order; names differ.
    package init(metadata: [(name: String, value: String)] = []) {
        self.metadata = metadata
    }

    /// Adds a tensor behind all others.
    ///
    /// - Requires: the name is new; as many numbers as the shape has elements.
    package mutating func add(_ name: String, shape: [Int], _ numbers: some Sequence<Float>) {
        let start = data.count
        for number in numbers {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { data += $0 }
        }
        precondition(data.count - start == 4 * shape.reduce(1, *), "numbers fit the shape")
        entries.append(
            "\(JSONValue.quoted(name)):{\"dtype\":\"F32\",\"shape\":"
                + "[\(shape.map(String.init).joined(separator: ","))],"
                + "\"data_offsets\":[\(start),\(data.count)]}")
    }

    /// The file: header length, header, tensors.
    package var bytes: [UInt8] {
        let notes = metadata.map { "\(JSONValue.quoted($0.name)):\(JSONValue.quoted($0.value))" }
        let members =
            notes.isEmpty
            ? entries : ["\"__metadata__\":{\(notes.joined(separator: ","))}"] + entries
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        // Spaces up to a multiple of eight: readers may map the tensors.
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
    }

    /// Writes the file whole or not at all, whatever happens on the way.
    package func write(to path: String) throws(ModelFileError) {
        try WholeFile.write(bytes, to: path)
    }
}
