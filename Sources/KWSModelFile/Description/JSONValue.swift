// SPDX-License-Identifier: Apache-2.0

/// A JSON value with the offset of its first byte; members keep their order, names are unique.
struct JSONValue: Sendable {
    enum Content: Sendable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([JSONValue])
        case object([(name: String, value: JSONValue)])
    }

    var content: Content
    var offset: Int

    /// What the value is, for error messages.
    var kind: String {
        switch content {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .string(let string): "\"\(string)\""
        case .array(let items): "an array of \(items.count)"
        case .object(let members): "an object of \(members.count)"
        }
    }
}
