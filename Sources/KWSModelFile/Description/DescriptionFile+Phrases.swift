// SPDX-License-Identifier: Apache-2.0

extension DescriptionFile {
    /// `[{"name", "words", "threshold", "ordered"}]`, the words still as they are written.
    static func phrases(_ field: JSONField) throws(ModelFileError) -> [Phrase] {
        var phrases: [Phrase] = []
        for item in try field.array(1...256) {
            let parts = try item.object(allowed: ["name", "words", "threshold", "ordered"])
            let name = try parts.required("name", of: item)
            let text = try name.string()
            guard !phrases.contains(where: { $0.name == text }) else {
                throw name.error("each name once")
            }
            var words: [String] = []
            for word in try parts.required("words", of: item).array(1...8) {
                words.append(try word.string())
            }
            phrases.append(
                Phrase(
                    field: item, name: text, words: words,
                    isOrdered: try parts["ordered"]?.bool() ?? false,
                    threshold: try parts["threshold"]?.number(0...1)))
        }
        return phrases
    }

    /// A phrase before its words are keywords.
    struct Phrase {
        let field: JSONField
        let name: String
        let words: [String]
        let isOrdered: Bool
        /// nil: that of all keywords.
        let threshold: Double?

        /// - Parameter keywords: the names of all keywords, in order.
        func bind(
            to keywords: [String], threshold all: Double
        ) throws(ModelFileError) -> ModelDescription.Phrase {
            guard !keywords.contains(name) else {
                throw field.error("a name that no keyword has", found: "\"\(name)\"")
            }
            var indices: [Int] = []
            for word in words {
                guard let index = keywords.firstIndex(of: word) else {
                    throw field.error(
                        "words from the keywords \(keywords.joined(separator: ", "))",
                        found: "word \"\(word)\"")
                }
                indices.append(index)
            }
            return ModelDescription.Phrase(
                name: name, words: indices, isOrdered: isOrdered, threshold: threshold ?? all)
        }
    }
}
