// SPDX-License-Identifier: Apache-2.0

/// A JSON value on its way into a typed one: it knows its file and its path for error messages.
struct JSONField {
    let file: String
    /// Such as `topology.layers[3].stride`.
    let path: String
    let value: JSONValue

    init(file: String, path: String, value: JSONValue) {
        self.file = file
        self.path = path
        self.value = value
    }

    /// A file's own value.
    init(_ source: FileBytes) throws(ModelFileError) {
        self.init(
            file: source.name, path: "",
            value: try JSONParser.parse(source.bytes[...], file: source.name))
    }

    func error(_ allowed: String, found: String? = nil) -> ModelFileError {
        ModelFileError(
            file: file, place: "byte \(value.offset), \(path.isEmpty ? "JSON" : path)",
            found: found ?? value.kind, allowed: allowed)
    }

    /// The members of an object whose names must all be in `allowed`.
    func object(allowed names: [String]) throws(ModelFileError) -> [String: JSONField] {
        let members = try members()
        for (name, field) in members where !names.contains(name) {
            throw ModelFileError(
                file: file, place: "byte \(field.value.offset), \(path.isEmpty ? "JSON" : path)",
                found: "unknown key \"\(name)\"",
                allowed: names.map { "\"\($0)\"" }.joined(separator: ", "))
        }
        return Dictionary(uniqueKeysWithValues: members)
    }

    /// The members of an object in the file's order.
    func members() throws(ModelFileError) -> [(String, JSONField)] {
        guard case .object(let members) = value.content else { throw error("an object") }
        return members.map { name, value in
            (
                name,
                JSONField(file: file, path: path.isEmpty ? name : "\(path).\(name)", value: value)
            )
        }
    }

    func array(_ count: ClosedRange<Int> = 0...65_535) throws(ModelFileError) -> [JSONField] {
        guard case .array(let items) = value.content, count.contains(items.count) else {
            throw error("an array of \(count.lowerBound) to \(count.upperBound) values")
        }
        return items.enumerated().map { index, value in
            JSONField(file: file, path: "\(path)[\(index)]", value: value)
        }
    }

    func string() throws(ModelFileError) -> String {
        guard case .string(let string) = value.content, !string.isEmpty,
            string.utf8.count <= ModelFileLimits.nameBytes, !string.utf8.contains(0)
        else { throw error("a string of 1 to \(ModelFileLimits.nameBytes) bytes") }
        return string
    }

    /// A string of any length.
    func text() throws(ModelFileError) -> String {
        guard case .string(let string) = value.content else { throw error("a string") }
        return string
    }

    func bool() throws(ModelFileError) -> Bool {
        guard case .bool(let bool) = value.content else { throw error("true or false") }
        return bool
    }

    func integer(_ range: ClosedRange<Int>) throws(ModelFileError) -> Int {
        guard case .number(let number) = value.content, let integer = Int(exactly: number),
            range.contains(integer)
        else { throw error("an integer from \(range.lowerBound) to \(range.upperBound)") }
        return integer
    }

    func number(_ range: ClosedRange<Double>) throws(ModelFileError) -> Double {
        guard case .number(let number) = value.content, range.contains(number) else {
            throw error("a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One of a list of words.
    func choice(_ words: [String]) throws(ModelFileError) -> String {
        guard case .string(let string) = value.content, words.contains(string) else {
            throw error(words.map { "\"\($0)\"" }.joined(separator: ", "))
        }
        return string
    }
}

extension [String: JSONField] {
    /// A member that must be there.
    func required(_ name: String, of parent: JSONField) throws(ModelFileError) -> JSONField {
        guard let field = self[name] else {
            throw parent.error("an object with \"\(name)\"", found: "no \"\(name)\"")
        }
        return field
    }
}
