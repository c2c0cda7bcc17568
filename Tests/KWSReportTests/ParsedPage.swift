// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What an XML parser makes of a page.
final class ParsedPage: NSObject, XMLParserDelegate {
    struct NotXML: Error { var line: Int }

    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    /// The text of each cell, by section (its heading), row and column.
    private(set) var rows: [String: [[String]]] = [:]
    /// The values by their names, in lists of facts.
    private(set) var facts: [String: [String]] = [:]
    private(set) var headings: [String] = []
    /// All texts, one an element that has any.
    private(set) var texts: [String] = []

    private var open: [String] = []
    private var words: [String] = []
    private var fact = ""

    /// - Throws: `NotXML` with the line at which the parser stopped.
    init(_ page: String) throws {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        guard parser.parse() else { throw NotXML(line: parser.lineNumber) }
    }

    /// The rows of a section whose first cell is this.
    func row(_ name: String, of section: String) -> [String]? {
        rows[section]?.first { $0.first == name }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        open.append(name)
        words.append("")
        elements.insert(name)
        self.attributes.formUnion(attributes.keys)
        if name == "tr", let section = headings.last { rows[section, default: []].append([]) }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        guard !words.isEmpty else { return }
        words[words.count - 1] += text
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
        let text = words.removeLast()
        if !text.isEmpty { texts.append(text) }
        switch name {
        case "h2": headings.append(text)
        case "dt": fact = text
        case "dd": facts[fact, default: []].append(text)
        case "td", "th":
            if let section = headings.last, let last = rows[section]?.indices.last {
                rows[section]?[last].append(text)
            }
        default: break
        }
    }
}
