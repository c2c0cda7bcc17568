// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension Block {
    /// Checks a block from the outside in: size, magic, format, CRC-32, then every record, offset
    /// and shape, and every number for which SPEC.md names a range; afterwards nothing that the
    /// reference computes can leave the block or overflow.
    init(checking bytes: UnsafeRawBufferPointer) throws(ReferenceError) {
        guard let start = bytes.baseAddress else { throw ReferenceError(.null, "no block") }
        guard UInt(bitPattern: start) % 4 == 0 else {
            throw ReferenceError(.alignment, "a block starts at a multiple of 4")
        }
        guard bytes.count >= HeaderRecord.bytes else {
            throw ReferenceError(.truncated, "a block has 68 bytes or more")
        }
        self.init(start: start)

        let header = self.header
        guard header.magic == HeaderRecord.magicNumber else {
            throw ReferenceError(.magic, "a block starts with KWSM")
        }
        guard header.format == HeaderRecord.formatNumber else {
            throw ReferenceError(.format, "this is a reference for model format 18")
        }
        guard header.blockBytes >= HeaderRecord.bytes, header.blockBytes % 4 == 0 else {
            throw ReferenceError(.model, "block_bytes is 68 or more and a multiple of 4")
        }
        guard header.blockBytes <= bytes.count else {
            throw ReferenceError(.truncated, "block_bytes exceeds the bytes given")
        }
        let protected = UnsafeRawBufferPointer(start: start + 16, count: header.blockBytes - 16)
        guard CRC32.of(protected) == header.crc32 else {
            throw ReferenceError(.checksum, "crc32 differs from that of the bytes behind it")
        }
        guard PackedWeights.isKnown(pack: header.pack) else {
            throw ReferenceError(.pack, "the reference knows no such order of weights")
        }
        try checkParts(header)
        try checkLayers(header)
        try checkKept(header)
        try checkFrontEnd(header)
    }

    /// Does a part of so many bytes lie inside the block, at a multiple of 4?
    func holds(_ offset: Int, _ bytes: Int64) -> Bool {
        offset >= HeaderRecord.bytes && offset % 4 == 0
            && Int64(offset) + bytes <= Int64(header.blockBytes)
    }

    /// Is there a NUL-terminated text at an offset?
    func holdsText(_ offset: Int) -> Bool {
        guard holds(offset, 1) else { return false }
        for at in offset..<header.blockBytes where u8(at) == 0 { return true }
        return false
    }

    private func checkParts(_ header: HeaderRecord) throws(ReferenceError) {
        guard header.tensorCount >= 2, header.layerCount >= 1, header.labelCount >= 1 else {
            throw ReferenceError(.model, "a model has 2 tensors, 1 layer and 1 label or more")
        }
        guard holds(header.tensorsOffset, Int64(header.tensorCount * TensorRecord.bytes)),
            holds(header.layersOffset, Int64(header.layerCount * LayerRecord.bytes)),
            holds(header.labelsOffset, Int64(header.labelCount * 4))
        else {
            throw ReferenceError(.model, "tensors, layers or labels lie outside the block")
        }
        guard holdsText(header.nameOffset) else {
            throw ReferenceError(.model, "the name lies outside the block")
        }
        for index in 0..<header.labelCount
        where !holdsText(size(header.labelsOffset + 4 * index)) {
            throw ReferenceError(.model, "a label lies outside the block", at: index)
        }
        guard (0..<1 << 24).contains(header.arenaBytes), header.arenaBytes % 4 == 0 else {
            throw ReferenceError(.model, "arena_bytes is a multiple of 4 below 2^24")
        }
        for index in 0..<header.tensorCount {
            let tensor = self.tensor(index)
            guard tensor.wideElements > 0, tensor.bits == 8 || tensor.bits == 4 || tensor.bits == 2,
                tensor.zeroPoint % (256 >> Int32(tensor.bits)) == 0
            else {
                throw ReferenceError(
                    .model, "a tensor has 1 element or more, of 8, 4 or 2 bits as its zero point",
                    at: index)
            }
            // Rows of padding are counted in 32 bits by the library, hence the limits.
            guard tensor.height < 65535, tensor.rowBytes < 1 << 24,
                tensor.wideElements < Int64(UInt32.max), tensor.rows >= 1,
                tensor.rows < 65535, tensor.rows <= tensor.height || index < header.streamedLayers,
                tensor.phase < tensor.rows, !tensor.isWhole || tensor.phase == 0
            else {
                throw ReferenceError(.model, "rows, phase or extents are out of range", at: index)
            }
            guard tensor.arenaOffset >= 0, tensor.arenaOffset % 4 == 0,
                Int64(tensor.arenaOffset) + Int64(tensor.rows) * tensor.rowBytes
                    <= Int64(header.arenaBytes)
            else {
                throw ReferenceError(.model, "a tensor lies outside the arena", at: index)
            }
        }
        guard tensor(0).bits == 8, tensor(0).isWhole || header.streamedLayers > 0 else {
            throw ReferenceError(.model, "the network's input is whole and has 8 bits")
        }
    }
}
