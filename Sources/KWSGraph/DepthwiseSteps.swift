// SPDX-License-Identifier: Apache-2.0

/// The lists of steps by which the kernels of V7M and DSP run depthwise layers: SPEC.md section 4.2.
enum DepthwiseSteps {
    /// Columns of the output that are summed at a time.
    private static let block = 5
    private static let mostWords = 512

    /// Bytes of a list, and of a channel's narrow weights; 0 for layers that are not run by one.
    static func scratch(
        _ window: Window, bits: Int, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor
    ) -> Int {
        guard input.bits == 8, output.bits == 8, input.channels == output.channels else { return 0 }
        let stride = window.strideWidth
        let width = window.kernelWidth
        let seen = min(over(width, stride) + block - 1, over(input.width, stride))
        let steps = over(seen, block) * window.kernelHeight * (width + 2 * min(stride, width))
        let words = 9 + 2 * steps
        return words > mostWords ? 0 : 4 * words + (bits == 8 ? 0 : window.taps)
    }

    private static func over(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
}
