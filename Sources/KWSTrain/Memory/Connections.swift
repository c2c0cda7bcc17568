// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Which input pixel each tap of a window brings to which output pixel, padding left out.
///
/// One relation, sorted by output pixel for the forward pass and the weights' gradient, by input
/// pixel for the input's; stride and padding are nowhere else.
struct Connections: Sendable {
    struct Link: Sendable {
        var tap: Int32
        var input: Int32
        var output: Int32
    }

    /// Links in groups: all of one output pixel or one input pixel.
    struct Groups: Sendable {
        let links: [Link]
        /// Where each group starts in `links`; one more than there are groups.
        let starts: [Int]

        init(_ links: [Link], count: Int, by key: (Link) -> Int32) {
            var starts = Array(repeating: 0, count: count + 1)
            for link in links { starts[Int(key(link)) + 1] += 1 }
            for group in 0..<count { starts[group + 1] += starts[group] }
            var next = starts
            var sorted = links
            for link in links {
                sorted[next[Int(key(link))]] = link
                next[Int(key(link))] += 1
            }
            self.links = sorted
            self.starts = starts
        }
    }

    let inputPixels: Int
    let outputPixels: Int
    let byOutput: Groups
    let byInput: Groups

    /// - Requires: `window` fits the input, as `FloatOperator.outputShape` checks.
    init(_ window: Window, input: Shape, output: Shape) {
        let (height, width, _) = input.image
        var links: [Link] = []
        for row in 0..<output.image.height {
            for column in 0..<output.image.width {
                for i in 0..<window.kernelHeight {
                    let r = row * window.strideHeight + i - window.top
                    for j in 0..<window.kernelWidth {
                        let c = column * window.strideWidth + j - window.left
                        guard r >= 0, r < height, c >= 0, c < width else { continue }
                        links.append(
                            Link(
                                tap: Int32(i * window.kernelWidth + j),
                                input: Int32(r * width + c),
                                output: Int32(row * output.image.width + column)))
                    }
                }
            }
        }
        inputPixels = height * width
        outputPixels = output.image.height * output.image.width
        byOutput = Groups(links, count: outputPixels) { $0.output }
        byInput = Groups(links, count: inputPixels) { $0.input }
    }
}
