// SPDX-License-Identifier: Apache-2.0

/// A part of a page that is both HTML and XML. Text and attributes are escaped when they are written,
/// so that no name of a model, layer, label or file can become markup.
package indirect enum Markup: Sendable {
    case text(String)
    case element(String, attributes: [(name: String, value: String)], children: [Markup])
}

extension Markup: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) { self = .text(text) }
}

/// An element; names of elements and attributes are the program's own.
func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
) -> Markup {
    .element(
        name, attributes: attributes.map { (name: $0.key, value: $0.value) }, children: children)
}

extension Markup {
    /// The text of a file.
    package var written: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .text(let words):
            text += Markup.escaped(words)
        case .element(let name, let attributes, let children):
            text += "<\(name)"
            for attribute in attributes {
                text += " \(attribute.name)=\"\(Markup.escaped(attribute.value))\""
            }
            if Markup.void.contains(name) {
                text += "/>\n"
                return
            }
            text += ">"
            for child in children { child.write(to: &text) }
            text += Markup.inline.contains(name) ? "</\(name)>" : "</\(name)>\n"
        }
    }

    /// Elements that HTML knows no end of.
    private static let void: Set<String> = ["meta"]
    /// Elements behind which a line break could show.
    private static let inline: Set<String> = ["b", "code", "span", "title"]

    /// - Returns: text without markup; what XML can't hold becomes U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
