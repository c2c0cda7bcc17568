// SPDX-License-Identifier: Apache-2.0

/// `kws_detector`: posteriors to events.
struct DetectorRecord {
    static let bytes = 32
    /// `kws_keyword`.
    static let keywordBytes = 4
    /// `kws_phrase`.
    static let phraseBytes = 24
    static let wordsMax = 8

    let inferenceHops: Int
    let smoothing: Int
    let lockoutHops: Int
    let keywordCount: Int
    let keywordsOffset: Int
    /// Least difference between the sums of two feature rows; 0: no gate.
    let contrast: UInt32
    /// Least sum of squares of a loud hop; 0: no gate.
    let energy: UInt32
    let phraseCount: Int
    /// Decisions that a phrase looks at.
    let phraseDecisions: Int
    /// Of all phrases together.
    let phraseWords: Int
    let phrasesOffset: Int

    init(_ block: Block, at offset: Int) {
        inferenceHops = block.u16(offset)
        smoothing = block.u16(offset + 2)
        lockoutHops = block.u16(offset + 4)
        keywordCount = block.u16(offset + 6)
        keywordsOffset = block.size(offset + 8)
        contrast = block.u32(offset + 12)
        energy = block.u32(offset + 16)
        phraseCount = block.u16(offset + 20)
        phraseDecisions = block.u16(offset + 22)
        phraseWords = block.u16(offset + 24)
        phrasesOffset = block.size(offset + 28)
    }

    /// The class that a keyword stands for.
    func classIndex(of keyword: Int, in block: Block) -> Int {
        block.u16(keywordsOffset + DetectorRecord.keywordBytes * keyword)
    }

    /// Keywords and phrases.
    var eventCount: Int { keywordCount + phraseCount }

    func phrase(_ index: Int, in block: Block) -> PhraseRecord {
        PhraseRecord(block, at: phrasesOffset + DetectorRecord.phraseBytes * index)
    }

    /// The threshold that the model came with, in units of 1/65536.
    func threshold(of keyword: Int, in block: Block) -> UInt16 {
        if keyword >= keywordCount { return phrase(keyword - keywordCount, in: block).threshold }
        return UInt16(
            truncatingIfNeeded: block.u16(
                keywordsOffset + DetectorRecord.keywordBytes * keyword + 2))
    }
}
