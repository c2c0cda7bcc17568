// SPDX-License-Identifier: Apache-2.0

/// `kws_tensor`: int8, `[height][width][channels]`.
struct TensorRecord {
    static let bytes = 12

    let height: Int
    let width: Int
    let channels: Int
    let zeroPoint: Int32
    let bits: Int
    let arenaOffset: Int

    init(_ block: Block, at offset: Int) {
        height = block.u16(offset)
        width = block.u16(offset + 2)
        channels = block.u16(offset + 4)
        zeroPoint = Int32(block.i8(offset + 6))
        bits = block.u8(offset + 7)
        arenaOffset = block.size(offset + 8)
    }

    /// Three 16-bit numbers make at most 48 bits.
    var wideElements: Int64 { Int64(height) * Int64(width) * Int64(channels) }

    /// Elements of a tensor that the check has seen.
    var elements: Int { height * width * channels }

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
