// SPDX-License-Identifier: Apache-2.0

extension FloatOperator {
    /// A layer that puts `rows` rows of a one-channel image beside one another as channels: what a
    /// network sees of a frame's neighbours. It is a convolution by the identity.
    package static func context(rows: Int) -> FloatOperator {
        .convolution(
            Window(kernel: (rows, 1)),
            weights: (0..<rows * rows).map { $0 % (rows + 1) == 0 ? 1 : 0 },
            bias: Array(repeating: 0, count: rows))
    }

    /// How many rows a layer puts beside one another; nil for any other layer.
    package var contextRows: Int? {
        guard case .convolution(let window, let weights, let bias) = self, bias.count > 1,
            case .convolution(let form, let identity, let zeros) = Self.context(rows: bias.count)
        else { return nil }
        return window == form && weights == identity && bias == zeros ? bias.count : nil
    }
}
