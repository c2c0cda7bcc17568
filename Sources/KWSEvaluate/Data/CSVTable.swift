// SPDX-License-Identifier: Apache-2.0

/// A table of text: a header line and rows of as many fields (RFC 4180 quoting, LF or CRLF).
package struct CSVTable: Sendable {
    package let header: [String]
    private let name: String
    package let rows: [[String]]
    /// The line on which each row starts, from 1.
    package let lines: [Int]

    /// - Parameter name: the file, for error messages.
    /// - Throws: if the bytes are not UTF-8, a quote is not closed or misplaced, a row has another
    ///   number of fields, or two columns share a name.
    package init(_ bytes: [UInt8], name: String) throws(EvaluationError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw EvaluationError(.badData, name, "not UTF-8 text")
        }
        var scanner = CSVScanner(Array(text.utf8), name: name)
        guard let first = try scanner.row() else {
            throw EvaluationError(.badData, name, "empty, expected a header line")
        }
        guard Set(first).count == first.count else {
            throw EvaluationError(.badData, "\(name):1", "two columns share a name: \(first)")
        }
        var rows = [[String]]()
        var lines = [Int]()
        while true {
            let line = scanner.line
            guard let row = try scanner.row() else { break }
            if row == [""] { continue }
            guard row.count == first.count else {
                throw EvaluationError(
                    .badData, "\(name):\(line)",
                    "found \(row.count) field(s), the header has \(first.count)")
            }
            rows.append(row)
            lines.append(line)
        }
        self.header = first
        self.name = name
        self.rows = rows
        self.lines = lines
    }

    /// The index of a column, nil if there is none.
    package func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    /// The index of a column that must be there.
    package func required(_ column: String) throws(EvaluationError) -> Int {
        guard let index = self.column(column) else {
            throw EvaluationError(.badData, "\(name):1", "no column '\(column)'; found \(header)")
        }
        return index
    }
}

/// Splits CSV bytes into rows.
private struct CSVScanner {
    private let bytes: [UInt8]
    private let name: String
    private var at = 0
    /// The current line, from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        self.name = name
    }

    /// The fields of the next row, nil at the end.
    mutating func row() throws(EvaluationError) -> [String]? {
        guard at < bytes.count else { return nil }
        var fields = [String]()
        while true {
            fields.append(try field())
            guard at < bytes.count else { return fields }
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == UInt8(ascii: "\r") { at += 1 }
            line += 1
            return fields
        }
    }

    /// One field; leaves `at` on the comma or line end behind it.
    private mutating func field() throws(EvaluationError) -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: ","), !endsLine(at) {
                guard bytes[at] != UInt8(ascii: "\"") else {
                    throw fail("a quote inside a field that does not start with one")
                }
                at += 1
            }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        at += 1
        var content = [UInt8]()
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                    guard at >= bytes.count || bytes[at] == UInt8(ascii: ",") || endsLine(at)
                    else { throw fail("text behind a closing quote") }
                    return String(decoding: content, as: UTF8.self)
                }
                at += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            content.append(byte)
        }
        throw fail("a quote is not closed")
    }

    private func endsLine(_ index: Int) -> Bool {
        if bytes[index] == UInt8(ascii: "\n") { return true }
        return bytes[index] == UInt8(ascii: "\r") && index + 1 < bytes.count
            && bytes[index + 1] == UInt8(ascii: "\n")
    }

    private func fail(_ fact: String) -> EvaluationError {
        EvaluationError(.badData, "\(name):\(line)", fact)
    }
}
