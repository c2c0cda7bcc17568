// SPDX-License-Identifier: Apache-2.0

/// The bytes of a model block (SPEC.md 3), read by offset; little-endian, as all cores here are.
struct Block {
    /// Aligned to 4.
    let start: UnsafeRawPointer

    func u8(_ offset: Int) -> Int { Int(start.load(fromByteOffset: offset, as: UInt8.self)) }
    func i8(_ offset: Int) -> Int { Int(start.load(fromByteOffset: offset, as: Int8.self)) }
    func u16(_ offset: Int) -> Int { Int(start.load(fromByteOffset: offset, as: UInt16.self)) }
    func i16(_ offset: Int) -> Int { Int(start.load(fromByteOffset: offset, as: Int16.self)) }
    func u32(_ offset: Int) -> UInt32 { start.load(fromByteOffset: offset, as: UInt32.self) }
    func i32(_ offset: Int) -> Int32 { start.load(fromByteOffset: offset, as: Int32.self) }

    /// A size or an offset: where `Int` has 32 bits, numbers from 2^31 on turn up negative, and the
    /// check refuses those.
    func size(_ offset: Int) -> Int { Int(truncatingIfNeeded: u32(offset)) }

    /// The table at an offset that the check has seen.
    func table<Element>(_ offset: Int, of type: Element.Type) -> UnsafePointer<Element> {
        (start + offset).assumingMemoryBound(to: Element.self)
    }

    var header: HeaderRecord { HeaderRecord(self) }

    func tensor(_ index: Int) -> TensorRecord {
        TensorRecord(self, at: header.tensorsOffset + index * TensorRecord.bytes)
    }

    func layer(_ index: Int) -> LayerRecord {
        LayerRecord(self, at: header.layersOffset + index * LayerRecord.bytes)
    }

    /// The front end, or nil for a network alone.
    var frontEnd: FrontEndRecord? {
        header.frontEndOffset == 0 ? nil : FrontEndRecord(self, at: header.frontEndOffset)
    }

    /// The detector, or nil for a network alone.
    var detector: DetectorRecord? {
        header.detectorOffset == 0 ? nil : DetectorRecord(self, at: header.detectorOffset)
    }

    /// The NUL-terminated UTF-8 of a class.
    func label(_ index: Int) -> UnsafePointer<CChar> {
        table(size(header.labelsOffset + 4 * index), of: CChar.self)
    }
}
