// SPDX-License-Identifier: Apache-2.0

/// What DENSE, POINTWISE and products of recurrent layers take on a family of cores, in instructions,
/// as counted; see Tests/Measurements/sparse.sh.
package struct KernelCosts: Sendable {
    /// By the bits of a weight.
    package struct Widths: Sendable {
        private let values: [Double]

        package init(_ eight: Double, _ four: Double, _ three: Double, _ two: Double) {
            values = [eight, four, three, two]
        }

        package subscript(_ bits: Int) -> Double {
            switch bits {
            case 8: values[0]
            case 4: values[1]
            case 3: values[2]
            default: values[3]
            }
        }
    }

    /// A product of DENSE.
    package var dense: Widths
    /// A product of POINTWISE, whose pixels share what it takes to unpack a weight.
    package var pointwise: Widths
    /// A product of LSTM and GRU with packed weights, all that a row takes included.
    package var gate: Widths
    /// GAPS: an entry, an output, and a row of LSTM and GRU.
    package var entry: Widths
    package var output: Double
    package var row: Double
    /// BLOCKS: a block, a window of 255 columns, and four outputs.
    package var block: Widths
    package var window: Double
    package var four: Double
}

extension KernelVariant {
    package var costs: KernelCosts {
        switch name {
        case "v6m":
            KernelCosts(
                dense: .init(2.48, 2.4, 2.4, 2.2), pointwise: .init(2.4, 2.3, 2.3, 2.1),
                gate: .init(3.37, 3.33, 3.28, 3), entry: .init(8, 9, 9, 9), output: 45, row: 40,
                block: .init(31, 26, 42, 26), window: 60, four: 110)
        case "v7m":
            KernelCosts(
                dense: .init(1.49, 1.36, 1.45, 1.35), pointwise: .init(1.4, 1.3, 1.4, 1.3),
                gate: .init(2.09, 1.94, 2.06, 1.91), entry: .init(5.4, 5.4, 5.4, 5.4), output: 31,
                row: 21, block: .init(15, 13, 23, 13), window: 60, four: 90)
        case "mve":
            KernelCosts(
                dense: .init(0.16, 0.19, 0.2, 0.19), pointwise: .init(0.15, 0.16, 0.17, 0.16),
                gate: .init(0.27, 0.28, 0.31, 0.29), entry: .init(5.4, 5.4, 5.4, 5.4), output: 28,
                row: 18, block: .init(1.1, 1, 2, 1), window: 25, four: 45)
        default:
            KernelCosts(
                dense: .init(1.1, 1.05, 1.3, 1.05), pointwise: .init(0.95, 0.88, 0.92, 0.88),
                gate: .init(1.14, 1.1, 1.32, 1.14), entry: .init(5.4, 5.4, 5.4, 5.4), output: 28,
                row: 18, block: .init(8.75, 8, 15, 7.75), window: 30, four: 58)
        }
    }
}
