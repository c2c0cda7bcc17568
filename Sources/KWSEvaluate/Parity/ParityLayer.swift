// SPDX-License-Identifier: Apache-2.0

internal import CKWS

/// A stage of the network whose output is compared: stage 0 is its input, stage `i + 1` layer `i`.
package struct ParityLayer: Hashable, Sendable {
    package var name: String
    package var height: Int
    package var width: Int
    package var channels: Int
    package var bits: Int
    /// Whether a later layer completes the same tensor: then only that one is seen (SPEC.md 2).
    package var isCompletedLater: Bool
    /// Whether its rows are kept from one decision to the next: boards don't report them, as they
    /// show in what follows.
    package var isStreamed: Bool

    /// Bytes of the tensor as it is stored: pixels are filled up.
    package var bytes: Int { height * width * pixelBytes }

    private var pixelBytes: Int { (channels * bits + 7) / 8 }

    /// `row 3, column 0, channel 17` of a byte; of several channels in it the first.
    package func position(of byte: Int) -> String {
        let (row, rest) = byte.quotientAndRemainder(dividingBy: width * pixelBytes)
        let channel = rest % pixelBytes * 8 / bits
        return "row \(row), column \(rest / pixelBytes), channel \(channel)"
    }
}

extension ParityLayer {
    /// The stages of a block.
    ///
    /// - Parameter names: of the layers; one that is missing is "unnamed".
    static func all(of block: LoadedBlock, names: [String]) -> [ParityLayer] {
        let layers = (0..<Int(block.header.layer_count)).map { block.layer($0) }
        let streamed = block.newRows
        func stage(
            _ name: String, _ tensor: Int, _ layer: Int, completedLater: Bool
        ) -> ParityLayer {
            let shape = block.tensor(tensor)
            return ParityLayer(
                name: name, height: Int(shape.height), width: Int(shape.width),
                channels: Int(shape.channels), bits: Int(shape.bits),
                isCompletedLater: completedLater, isStreamed: streamed[layer] != nil)
        }
        return [stage("features", 0, Int(KWS_OBSERVE_FEATURES), completedLater: false)]
            + layers.enumerated().map { index, layer in
                stage(
                    "layer \(index) '\(index < names.count ? names[index] : "unnamed")'",
                    Int(layer.output), index,
                    completedLater: layers[(index + 1)...].contains { $0.output == layer.output })
            }
    }
}
