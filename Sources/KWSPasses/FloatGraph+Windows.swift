// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension FloatGraph {
    /// Calls `body` with what the outputs of a linear node sum over, in the order of its weights: `most`
    /// positions of a convolution at even distances, a set for each input channel of a depthwise one.
    /// Padding is the zeros that it is.
    package func eachWindow(
        of node: Node, input: [Float], most: Int, _ body: (_ sample: [Float], _ set: Int) -> Void
    ) {
        let (height, width, channels) = shape(of: node.inputs[0]).image
        let out = shape(of: node.output).image
        let window: Window
        let isDepthwise: Bool
        switch node.operation {
        case .convolution(let w, _, _): (window, isDepthwise) = (w, false)
        case .depthwise(let w, _, _): (window, isDepthwise) = (w, true)
        default:
            body(input, 0)
            return
        }
        let each = isDepthwise ? 1 : channels
        var sample = Array(repeating: Float(0), count: window.taps * each)
        let step = max(1, (out.height * out.width + most - 1) / most)
        for position in stride(from: 0, to: out.height * out.width, by: step) {
            let top = position / out.width * window.strideHeight - window.top
            let left = position % out.width * window.strideWidth - window.left
            for set in 0..<(isDepthwise ? channels : 1) {
                for tap in 0..<window.taps {
                    let r = top + tap / window.kernelWidth
                    let c = left + tap % window.kernelWidth
                    let inside = r >= 0 && r < height && c >= 0 && c < width
                    for i in 0..<each {
                        sample[tap * each + i] =
                            inside ? input[(r * width + c) * channels + set + i] : 0
                    }
                }
                body(sample, set)
            }
        }
    }
}
