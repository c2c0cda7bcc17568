// SPDX-License-Identifier: Apache-2.0

/// `kws_tensor`: unsigned, `[height][width][channels]`.
struct TensorRecord {
    static let bytes = 16

    private(set) var height: Int
    let width: Int
    let channels: Int
    let zeroPoint: Int32
    let bits: Int
    /// Slots for rows in the library's arena, and in which of them row 0 lies.
    let rows: Int
    let phase: Int
    let arenaOffset: Int

    init(_ block: Block, at offset: Int) {
        height = block.u16(offset)
        width = block.u16(offset + 2)
        channels = block.u16(offset + 4)
        zeroPoint = Int32(block.u8(offset + 6))
        bits = block.u8(offset + 7)
        rows = block.u16(offset + 8)
        phase = block.u16(offset + 10)
        arenaOffset = block.size(offset + 12)
    }

    /// Three 16-bit numbers make at most 48 bits.
    var wideElements: Int64 { Int64(height) * Int64(width) * Int64(channels) }

    /// Elements of a tensor that the check has seen.
    var elements: Int { height * width * channels }

    var rowElements: Int { width * channels }

    /// Bytes of a pixel as it is stored: its channels, filled up.
    var pixelBytes: Int { (channels * bits + 7) / 8 }

    /// Bytes of a row as it is stored.
    var rowBytes: Int64 { Int64(width) * Int64(pixelBytes) }

    /// Does no pixel end inside a byte?
    var isUnfilled: Bool { channels * bits % 8 == 0 }

    /// Is there a slot for every row?
    var isWhole: Bool { rows == height }

    /// The same with more rows before the first one.
    func with(rowsBefore count: Int) -> TensorRecord {
        var taller = self
        taller.height += count
        return taller
    }

    func hasShape(of other: TensorRecord) -> Bool {
        height == other.height && width == other.width && channels == other.channels
    }
}

extension TensorRecord {
    /// The extent of axis 0, 1 or 2: height, width, channels.
    func extent(_ axis: Int) -> Int {
        axis == 0 ? height : axis == 1 ? width : channels
    }
}
