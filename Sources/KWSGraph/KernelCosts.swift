// SPDX-License-Identifier: Apache-2.0

/// What DENSE and POINTWISE take on a family of cores, in instructions, as counted; see
/// Tests/Measurements/sparse.sh.
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
    /// GAPS: an entry, and an output.
    package var entry: Widths
    package var output: Double
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
                entry: .init(8, 9, 9, 9), output: 45,
                block: .init(31, 26, 42, 26), window: 60, four: 110)
        case "v7m":
            KernelCosts(
                dense: .init(1.49, 1.36, 1.45, 1.35), pointwise: .init(1.4, 1.3, 1.4, 1.3),
                entry: .init(5.75, 5.75, 5.75, 5.75), output: 44,
                block: .init(15, 13, 23, 13), window: 60, four: 90)
        case "mve":
            KernelCosts(
                dense: .init(0.16, 0.19, 0.2, 0.19), pointwise: .init(0.15, 0.16, 0.17, 0.16),
                entry: .init(5.75, 5.75, 5.75, 5.75), output: 44,
                block: .init(1.1, 1, 2, 1), window: 25, four: 45)
        default:
            KernelCosts(
                dense: .init(1.1, 1.05, 1.3, 1.05), pointwise: .init(0.95, 0.88, 0.92, 0.88),
                entry: .init(5.75, 5.75, 5.75, 5.75), output: 44,
                block: .init(8.75, 8, 15, 7.75), window: 30, four: 58)
        }
    }
}
