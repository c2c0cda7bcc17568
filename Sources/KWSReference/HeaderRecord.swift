// SPDX-License-Identifier: Apache-2.0

/// `kws_block_header`.
struct HeaderRecord {
    static let bytes = 68
    static let magicNumber: UInt32 = 0x4D53_574B
    static let formatNumber = 18

    let magic: UInt32
    let format: Int
    let pack: Int
    let blockBytes: Int
    let crc32: UInt32
    let arenaBytes: Int
    let tensorCount: Int
    let layerCount: Int
    let labelCount: Int
    /// First layers that the library runs once a row of features; a window, with the rows before it, comes to
    /// the same.
    let streamedLayers: Int
    let progressOffset: Int
    let nameOffset: Int
    let tensorsOffset: Int
    let layersOffset: Int
    let labelsOffset: Int
    let frontEndOffset: Int
    let detectorOffset: Int
    /// Of the library's arena.
    let keptBytes: Int
    let hopRows: Int

    init(_ block: Block) {
        magic = block.u32(0)
        format = block.u16(4)
        pack = block.u16(6)
        blockBytes = block.size(8)
        crc32 = block.u32(12)
        // 16: source_hash
        arenaBytes = block.size(20)
        tensorCount = block.u16(24)
        layerCount = block.u16(26)
        labelCount = block.u16(28)
        streamedLayers = block.u16(30)
        progressOffset = block.size(32)
        nameOffset = block.size(36)
        tensorsOffset = block.size(40)
        layersOffset = block.size(44)
        labelsOffset = block.size(48)
        frontEndOffset = block.size(52)
        detectorOffset = block.size(56)
        keptBytes = block.size(60)
        hopRows = block.u16(64)
    }
}
