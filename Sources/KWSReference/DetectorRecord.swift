// SPDX-License-Identifier: Apache-2.0

/// `kws_detector`: posteriors to events.
struct DetectorRecord {
    static let bytes = 16
    /// `kws_keyword`.
    static let keywordBytes = 4

    let inferenceHops: Int
    let smoothing: Int
    let lockoutHops: Int
    let keywordCount: Int
    let keywordsOffset: Int
    /// Least difference between the sums of two feature rows; 0: no gate.
    let contrast: UInt32

    init(_ block: Block, at offset: Int) {
        inferenceHops = block.u16(offset)
        smoothing = block.u16(offset + 2)
        lockoutHops = block.u16(offset + 4)
        keywordCount = block.u16(offset + 6)
        keywordsOffset = block.size(offset + 8)
        contrast = block.u32(offset + 12)
    }

    /// The class that a keyword stands for.
    func classIndex(of keyword: Int, in block: Block) -> Int {
        block.u16(keywordsOffset + DetectorRecord.keywordBytes * keyword)
    }

    /// The threshold that the model came with, in units of 1/65536.
    func threshold(of keyword: Int, in block: Block) -> UInt16 {
        UInt16(
            truncatingIfNeeded: block.u16(
                keywordsOffset + DetectorRecord.keywordBytes * keyword + 2))
    }
}
