// SPDX-License-Identifier: Apache-2.0

internal import CKWS

/// A stage of the network whose output is compared: stage 0 is its input, stage `i + 1` layer `i`.
package struct ParityLayer: Hashable, Sendable {
    package var name: String
    package var height: Int
    package var width: Int
    package var channels: Int
    /// What the layer writes; less than everything only for PLACE.
    package var rows: Range<Int>
    package var columns: Range<Int>
    package var channelRange: Range<Int>
    /// Whether a later layer writes into the same tensor.
    package var isCompletedLater: Bool

    package var elements: Int { height * width * channels }
    package var rowElements: Int { width * channels }

    /// Whether every element of the rows that the layer reports is settled by then.
    package var hasWholeRows: Bool {
        !isCompletedLater || (columns.count == width && channelRange.count == channels)
    }

    /// `row 3, column 0, channel 17` of an element.
    package func position(of element: Int) -> (row: Int, column: Int, channel: Int) {
        (element / rowElements, element / channels % width, element % channels)
    }

    /// Whether the layer itself writes an element.
    package func writes(_ element: Int) -> Bool {
        let (row, column, channel) = position(of: element)
        return rows.contains(row) && columns.contains(column) && channelRange.contains(channel)
    }
}

extension ParityLayer {
    /// The stages of a block.
    ///
    /// - Parameter names: of the layers; those that are missing get their kernel and number.
    static func all(of block: LoadedBlock, names: [String]) -> [ParityLayer] {
        let layers = (0..<Int(block.header.layer_count)).map { block.layer($0) }
        func shape(_ tensor: Int) -> ParityLayer {
            let t = block.tensor(tensor)
            let (h, w, c) = (Int(t.height), Int(t.width), Int(t.channels))
            return ParityLayer(
                name: "features", height: h, width: w, channels: c, rows: 0..<h, columns: 0..<w,
                channelRange: 0..<c, isCompletedLater: false)
        }
        return [shape(0)]
            + layers.enumerated().map { index, layer in
                var result = shape(Int(layer.output))
                result.name =
                    "layer \(index) '\(index < names.count ? names[index] : "unnamed")'"
                if UInt32(layer.kernel) == KWS_KERNEL_PLACE_S8.rawValue {
                    let part = shape(Int(layer.input))
                    func from(_ start: UInt16, _ count: Int) -> Range<Int> {
                        Int(start)..<Int(start) + count
                    }
                    result.rows = from(layer.pad_top, part.height)
                    result.columns = from(layer.pad_left, part.width)
                    result.channelRange = from(layer.kernel_width, part.channels)
                }
                result.isCompletedLater = layers[(index + 1)...].contains {
                    $0.output == layer.output
                }
                return result
            }
    }
}
