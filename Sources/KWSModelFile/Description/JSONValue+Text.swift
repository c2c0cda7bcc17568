// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The value as JSON (RFC 8259) on one line.
    ///
    /// - Parameter names: members of the outermost object that are left out.
    func text(without names: Set<String> = []) -> String {
        switch content {
        case .null: return "null"
        case .bool(let bool): return "\(bool)"
        case .number(let number):
            return Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .string(let string): return JSONValue.quoted(string)
        case .array(let items): return "[" + items.map { $0.text() }.joined(separator: ", ") + "]"
        case .object(let members):
            return "{"
                + members.filter { !names.contains($0.name) }
                .map { "\(JSONValue.quoted($0.name)): \($0.value.text())" }
                .joined(separator: ", ") + "}"
        }
    }

    /// A string with its quotes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
