// SPDX-License-Identifier: Apache-2.0

/// Where GNU ld put what, read from its map.
package struct LinkMap: Sendable {
    /// A piece of an object in the image.
    package struct Piece: Hashable, Sendable {
        package var section: String
        package var address: Int
        package var bytes: Int
        package var object: String

        package var isCode: Bool { section.hasPrefix(".text") }
        /// Whether it is constant data in flash.
        package var isConstant: Bool { section.hasPrefix(".rodata") }
        package var isOfLibrary: Bool { object.contains("libkws.a(") }
    }

    package private(set) var pieces: [Piece] = []

    package init(_ text: String) {
        var isLaidOut = false
        // A long name stands on a line of its own, before the numbers.
        var name: Substring?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Linker script and memory map") { isLaidOut = true }
            guard isLaidOut else { continue }
            var words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: true)
            if line.hasPrefix(" ."), words.count == 1 {
                name = words[0]
                continue
            }
            if let long = name, line.hasPrefix("      "), words.count >= 3 {
                words = [long, words[0], words[1], words[2...].joined(separator: " ")[...]]
            } else if !line.hasPrefix(" .") {
                words = []
            }
            name = nil
            guard words.count == 4, let address = LinkMap.hexadecimal(words[1]),
                let bytes = LinkMap.hexadecimal(words[2]), bytes > 0
            else { continue }
            pieces.append(
                Piece(
                    section: String(words[0]), address: address, bytes: bytes,
                    object: String(words[3])))
        }
    }

    /// Bytes of the library's functions that hold one of these addresses, and of the constants of
    /// the objects that these functions are in.
    package func libraryBytes(executing addresses: Set<Int>) -> Int {
        let sorted = addresses.sorted()
        func isExecuted(_ piece: Piece) -> Bool {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] < piece.address { low = middle + 1 } else { high = middle }
            }
            return low < sorted.count && sorted[low] < piece.address + piece.bytes
        }
        let library = pieces.filter(\.isOfLibrary)
        let code = library.filter { $0.isCode && isExecuted($0) }
        let objects = Set(code.map(\.object))
        let constants = library.filter { $0.isConstant && objects.contains($0.object) }
        return (code + constants).reduce(0) { $0 + $1.bytes }
    }

    /// Bytes of everything that the library brings to the image.
    package var libraryBytes: Int {
        pieces.reduce(0) { $0 + ($1.isOfLibrary && ($1.isCode || $1.isConstant) ? $1.bytes : 0) }
    }

    private static func hexadecimal(_ word: Substring) -> Int? {
        word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16) : nil
    }
}
