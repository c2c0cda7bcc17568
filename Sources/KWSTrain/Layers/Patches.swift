// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// The patches that a convolution multiplies: `[output pixel][kernelHeight][kernelWidth][channels]`.
struct Patches: Sendable {
    let window: Window
    let height: Int
    let width: Int
    let channels: Int
    let outputHeight: Int
    let outputWidth: Int

    init(_ window: Window, input: Shape, output: Shape) {
        self.window = window
        (height, width, channels) = input.image
        (outputHeight, outputWidth) = (output.image.height, output.image.width)
    }

    var pixels: Int { outputHeight * outputWidth }
    /// Numbers of a patch.
    var depth: Int { window.taps * channels }

    /// Calls `body` for each row of each patch: where it is in the patches, how many of its numbers
    /// lie left of the image, in it and right of it, and where those in it are in the image.
    @inline(__always)
    private func eachRow(
        _ body: (_ patch: Int, _ left: Int, _ inside: Int, _ right: Int, _ image: Int) -> Void
    ) {
        let length = window.kernelWidth * channels
        var patch = 0
        for row in 0..<outputHeight {
            for column in 0..<outputWidth {
                let from = column * window.strideWidth - window.left
                let left = min(max(0, -from), window.kernelWidth)
                let right = min(max(0, from + window.kernelWidth - width), window.kernelWidth)
                let inside = max(0, window.kernelWidth - left - right)
                for i in 0..<window.kernelHeight {
                    let r = row * window.strideHeight + i - window.top
                    if r < 0 || r >= height || inside == 0 {
                        body(patch, length, 0, 0, 0)
                    } else {
                        body(
                            patch, left * channels, inside * channels, right * channels,
                            (r * width + from + left) * channels)
                    }
                    patch += length
                }
            }
        }
    }

    /// Copies a sample's patches; what lies outside the image is zero.
    func gather(_ x: UnsafePointer<Float>, into patches: UnsafeMutablePointer<Float>) {
        eachRow { patch, left, inside, right, image in
            let target = patches + patch
            target.update(repeating: 0, count: left)
            (target + left).update(from: x + image, count: inside)
            (target + left + inside).update(repeating: 0, count: right)
        }
    }

    /// Adds patches to the image that they came from: the transpose of `gather`.
    func scatter(_ patches: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>) {
        x.update(repeating: 0, count: height * width * channels)
        eachRow { patch, left, inside, _, image in
            (x + image).add(patches + patch + left, count: inside)
        }
    }
}
