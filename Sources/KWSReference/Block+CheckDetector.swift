// SPDX-License-Identifier: Apache-2.0

extension Block {
    /// Checks the detector's numbers, keywords and phrases.
    func checkDetector(
        _ header: HeaderRecord, _ detector: DetectorRecord
    ) throws(ReferenceError) {
        guard (1...255).contains(detector.inferenceHops), (1...64).contains(detector.smoothing),
            (1...header.labelCount).contains(detector.keywordCount), detector.energy <= 1 << 31,
            holds(
                detector.keywordsOffset,
                Int64(detector.keywordCount * DetectorRecord.keywordBytes))
        else {
            throw ReferenceError(.model, "the detector's numbers are out of range")
        }
        for keyword in 0..<detector.keywordCount
        where detector.classIndex(of: keyword, in: self) >= header.labelCount {
            throw ReferenceError(.model, "a keyword's class has no label", at: keyword)
        }
        guard detector.phraseCount > 0 else {
            if detector.phraseWords == 0, detector.phraseDecisions == 0 { return }
            throw ReferenceError(.model, "words or decisions of phrases, but no phrase")
        }
        guard (1...1024).contains(detector.phraseDecisions),
            holds(
                detector.phrasesOffset,
                Int64(detector.phraseCount * DetectorRecord.phraseBytes))
        else {
            throw ReferenceError(.model, "phrases look at 1 to 1024 decisions, inside the block")
        }
        var words = 0
        for index in 0..<detector.phraseCount {
            let phrase = detector.phrase(index, in: self)
            guard (1...DetectorRecord.wordsMax).contains(phrase.wordCount),
                holdsText(phrase.nameOffset)
            else {
                throw ReferenceError(.model, "a phrase has a name and 1 to 8 words", at: index)
            }
            for word in 0..<phrase.wordCount
            where phrase.keyword(ofWord: word, in: self) >= detector.keywordCount {
                throw ReferenceError(.model, "a phrase's word is no keyword", at: index)
            }
            words += phrase.wordCount
        }
        guard words == detector.phraseWords else {
            throw ReferenceError(.model, "phrase_words is the sum of the phrases' words")
        }
    }
}
