// SPDX-License-Identifier: Apache-2.0

/// A JSON value to print; members keep their order, numbers have a fixed form.
package indirect enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Printed with up to six decimals.
    case number(Double)
    case string(String)
    case array([JSON])
    case object([(String, JSON)])

    /// The value in one line.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): JSON.decimal(value)
        case .string(let value): JSON.quoted(value)
        case .array(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.map { "\(JSON.quoted($0.0)): \($0.1.text)" }.joined(separator: ", ")
                + "}"
        }
    }

    /// An object with further members behind its own; anything else as it is.
    package func adding(_ more: [(String, JSON)]) -> JSON {
        if case .object(let members) = self { .object(members + more) } else { self }
    }

    /// A number with up to `digits` decimals, half away from zero, without trailing zeros.
    package static func decimal(_ value: Double, digits: Int = 6) -> String {
        let unit = (0..<digits).reduce(1) { unit, _ in unit * 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "null" }
        let scaled = Int((value * Double(unit)).rounded())
        let (whole, rest) = abs(scaled).quotientAndRemainder(dividingBy: unit)
        var decimals = String(rest)
        decimals = String(repeating: "0", count: digits - decimals.count) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return (scaled < 0 ? "-" : "") + "\(whole)" + (decimals.isEmpty ? "" : "." + decimals)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
