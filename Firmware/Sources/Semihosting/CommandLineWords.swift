// SPDX-License-Identifier: Apache-2.0

/// The words of the command line behind the program's name; a word holds no blank.
public struct CommandLineWords {
    private static let most = 4

    private let base: UnsafePointer<UInt8>
    private var starts = [4 of Int](repeating: 0)
    private var lengths = [4 of Int](repeating: 0)
    /// Words behind the program's name.
    public private(set) var count = 0

    /// Splits a line in place, so that every word ends in NUL; nil for more than four words.
    ///
    /// - Requires: the byte behind the line is a NUL.
    public init?(_ line: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = line.baseAddress else { return nil }
        self.base = UnsafePointer(base)
        let blank: UInt8 = 0x20
        var position = 0
        var isName = true
        while position < line.count {
            while position < line.count && line[position] == blank { position += 1 }
            let start = position
            while position < line.count && line[position] != blank { position += 1 }
            if position == start { break }
            if position < line.count {
                base[position] = 0
                position += 1
            }
            if isName {
                isName = false
                continue
            }
            guard count < CommandLineWords.most else { return nil }
            starts[count] = start
            lengths[count] = length(from: start)
            count += 1
        }
    }

    /// The address of a word, NUL-terminated.
    public func word(_ index: Int) -> UnsafePointer<UInt8> { base + starts[index] }

    /// A word's bytes without the NUL.
    public func length(of index: Int) -> Int { lengths[index] }

    private func length(from start: Int) -> Int {
        var length = 0
        while base[start + length] != 0 { length += 1 }
        return length
    }
}
