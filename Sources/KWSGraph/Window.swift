// SPDX-License-Identifier: Apache-2.0

/// Where a sliding operator looks: kernel size, stride and zero padding, height before width.
///
/// The importers resolve "same" padding of either kind into the four numbers here.
package struct Window: Hashable, Sendable {
    package var kernelHeight: Int
    package var kernelWidth: Int
    package var strideHeight: Int
    package var strideWidth: Int
    package var top: Int
    package var bottom: Int
    package var left: Int
    package var right: Int
    /// Whether the rows above the first one are those of the decision before; zeros stand there only at a
    /// stream's beginning.
    package var isStateful = false

    package init(
        kernel: (Int, Int), stride: (Int, Int) = (1, 1),
        padding: (top: Int, bottom: Int, left: Int, right: Int) = (0, 0, 0, 0)
    ) {
        (kernelHeight, kernelWidth) = kernel
        (strideHeight, strideWidth) = stride
        (top, bottom, left, right) = padding
    }

    package var taps: Int { kernelHeight * kernelWidth }
    package var hasPadding: Bool { top != 0 || bottom != 0 || left != 0 || right != 0 }

    /// Output positions along both axes; nil if the padded input is smaller than the kernel.
    package func output(height: Int, width: Int) -> (height: Int, width: Int)? {
        let h = height + top + bottom - kernelHeight
        let w = width + left + right - kernelWidth
        guard h >= 0, w >= 0, strideHeight > 0, strideWidth > 0 else { return nil }
        return (h / strideHeight + 1, w / strideWidth + 1)
    }
}
