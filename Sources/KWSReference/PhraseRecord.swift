// SPDX-License-Identifier: Apache-2.0

/// `kws_phrase`: several keywords that make one.
struct PhraseRecord {
    let nameOffset: Int
    /// That the model came with, in units of 1/65536.
    let threshold: UInt16
    let wordCount: Int
    /// Whether each word is later than the one before it.
    let isOrdered: Bool
    private let wordsOffset: Int

    init(_ block: Block, at offset: Int) {
        nameOffset = block.size(offset)
        threshold = UInt16(truncatingIfNeeded: block.u16(offset + 4))
        wordCount = block.u8(offset + 6)
        isOrdered = block.u8(offset + 7) != 0
        wordsOffset = offset + 8
    }

    /// The keyword that is a word.
    func keyword(ofWord word: Int, in block: Block) -> Int { block.u16(wordsOffset + 2 * word) }
}
