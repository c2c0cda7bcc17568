// SPDX-License-Identifier: Apache-2.0

internal import CKWS

/// A stage of the network whose output is compared: stage 0 is its input, stage `i + 1` layer `i`.
package struct ParityLayer: Hashable, Sendable {
    package var name: String
    package var height: Int
    package var width: Int
    package var channels: Int
    /// Whether a later layer completes the same tensor: then only that one is seen (SPEC.md 2).
    package var isCompletedLater: Bool

    package var elements: Int { height * width * channels }

    /// `row 3, column 0, channel 17` of an element.
    package func position(of element: Int) -> String {
        let (row, rest) = element.quotientAndRemainder(dividingBy: width * channels)
        return "row \(row), column \(rest / channels), channel \(rest % channels)"
    }
}

extension ParityLayer {
    /// The stages of a block.
    ///
    /// - Parameter names: of the layers; one that is missing is "unnamed".
    static func all(of block: LoadedBlock, names: [String]) -> [ParityLayer] {
        let layers = (0..<Int(block.header.layer_count)).map { block.layer($0) }
        func stage(_ name: String, _ tensor: Int, completedLater: Bool) -> ParityLayer {
            let shape = block.tensor(tensor)
            return ParityLayer(
                name: name, height: Int(shape.height), width: Int(shape.width),
                channels: Int(shape.channels), isCompletedLater: completedLater)
        }
        return [stage("features", 0, completedLater: false)]
            + layers.enumerated().map { index, layer in
                stage(
                    "layer \(index) '\(index < names.count ? names[index] : "unnamed")'",
                    Int(layer.output),
                    completedLater: layers[(index + 1)...].contains { $0.output == layer.output })
            }
    }
}
