// SPDX-License-Identifier: Apache-2.0

/// A strict parser of RFC 8259 text: bounded size and depth, no duplicate names, no trailing bytes.
///
/// Foundation's parser neither reports duplicate names nor tells byte offsets.
struct JSONParser {
    private let file: String
    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    /// - Parameter bytes: the text; offsets in errors are its indices.
    static func parse(_ bytes: ArraySlice<UInt8>, file: String) throws(ModelFileError) -> JSONValue
    {
        var parser = JSONParser(file: file, bytes: bytes, offset: bytes.startIndex)
        guard bytes.count <= ModelFileLimits.jsonBytes else {
            throw ModelFileError(
                .tooLarge, file: file, place: "JSON", found: "\(bytes.count) bytes",
                allowed: "at most \(ModelFileLimits.jsonBytes)")
        }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        if parser.offset < bytes.endIndex { throw parser.error("the end of the text") }
        return value
    }

    private init(file: String, bytes: ArraySlice<UInt8>, offset: Int) {
        self.file = file
        self.bytes = bytes
        self.offset = offset
    }

    private var next: UInt8? { offset < bytes.endIndex ? bytes[offset] : nil }

    private func error(_ allowed: String) -> ModelFileError {
        let found =
            next.map { byte in
                (32..<127).contains(byte)
                    ? "'\(Character(Unicode.Scalar(byte)))'" : "byte value \(byte)"
            } ?? "the end of the text"
        return ModelFileError(
            file: file, place: "byte \(offset), JSON", found: found, allowed: allowed)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
        }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ModelFileError) {
        skipSpace()
        guard next == UInt8(character.value) else { throw error("'\(character)'") }
        offset += 1
    }

    private mutating func value(depth: Int) throws(ModelFileError) -> JSONValue {
        skipSpace()
        guard depth < ModelFileLimits.jsonDepth else {
            throw error("at most \(ModelFileLimits.jsonDepth) nested levels")
        }
        let start = offset
        let content: JSONValue.Content =
            switch next {
            case UInt8(ascii: "{"): .object(try members(depth: depth))
            case UInt8(ascii: "["): .array(try items(depth: depth))
            case UInt8(ascii: "\""): .string(try string())
            case UInt8(ascii: "t"): try word("true", .bool(true))
            case UInt8(ascii: "f"): try word("false", .bool(false))
            case UInt8(ascii: "n"): try word("null", .null)
            default: .number(try number())
            }
        return JSONValue(content: content, offset: start)
    }

    private mutating func word(
        _ text: StaticString, _ content: JSONValue.Content
    ) throws(ModelFileError) -> JSONValue.Content {
        for i in 0..<text.utf8CodeUnitCount {
            guard next == text.utf8Start[i] else { throw error("'\(text)'") }
            offset += 1
        }
        return content
    }

    private mutating func items(depth: Int) throws(ModelFileError) -> [JSONValue] {
        try expect("[")
        var items: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            offset += 1
            return items
        }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: "]") { break }
            guard next == UInt8(ascii: ",") else { throw error("',' or ']'") }
            offset += 1
        }
        offset += 1
        return items
    }

    private mutating func members(
        depth: Int
    ) throws(ModelFileError) -> [(name: String, value: JSONValue)] {
        try expect("{")
        var members: [(name: String, value: JSONValue)] = []
        var names = Set<String>()
        skipSpace()
        if next == UInt8(ascii: "}") {
            offset += 1
            return members
        }
        while true {
            skipSpace()
            let start = offset
            let name = try string()
            guard names.insert(name).inserted else {
                throw ModelFileError(
                    file: file, place: "byte \(start), JSON", found: "a second \"\(name)\"",
                    allowed: "each name once in an object")
            }
            try expect(":")
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
            if next == UInt8(ascii: "}") { break }
            guard next == UInt8(ascii: ",") else { throw error("',' or '}'") }
            offset += 1
        }
        offset += 1
        return members
    }

    private mutating func number() throws(ModelFileError) -> Double {
        let start = offset
        while let byte = next,
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard offset > start else { throw error("a JSON value") }
        guard text.count <= 64, text.first != "+", text.first != ".", let number = Double(text),
            number.isFinite
        else {
            offset = start
            throw error("a finite number")
        }
        return number
    }

    private mutating func string() throws(ModelFileError) -> String {
        try expect("\"")
        var utf8: [UInt8] = []
        let start = offset
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("no control characters in a string") }
            offset += 1
            if byte == UInt8(ascii: "\\") {
                utf8 += Array(String(try escape()).utf8)
            } else {
                utf8.append(byte)
            }
        }
        guard next != nil else { throw error("'\"'") }
        offset += 1
        guard let text = String(validating: utf8, as: UTF8.self) else {
            offset = start
            throw error("UTF-8")
        }
        return text
    }

    private mutating func escape() throws(ModelFileError) -> Unicode.Scalar {
        guard let byte = next else { throw error("an escape sequence") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try hexadecimal()
            if let scalar = Unicode.Scalar(high) { return scalar }
            guard high < 0xDC00 else { throw error("a high surrogate before a low one") }
            for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
                guard next == expected else { throw error("a low surrogate behind a high one") }
                offset += 1
            }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + low - 0xDC00)
            else { throw error("a low surrogate behind a high one") }
            return scalar
        default:
            offset -= 1
            throw error("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
    }

    private mutating func hexadecimal() throws(ModelFileError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw error("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
