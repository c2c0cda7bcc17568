// SPDX-License-Identifier: Apache-2.0

// The sums of products. |acc| <= taps * 128 * 255 < 2^31, which the check made sure of, so the
// wrapping operators never wrap; they are here because the host's loops get three times faster.

extension LayerCall {
    func convolution() {
        let (kh, kw) = (layer.kernelHeight, layer.kernelWidth)
        let channels = input.channels
        let zx = input.zeroPoint
        var at = 0
        for r in 0..<output.height {
            for q in 0..<output.width {
                var w = weights
                for o in 0..<output.channels {
                    var acc: Int32 = 0
                    for i in 0..<kh {
                        for j in 0..<kw {
                            let row = r * layer.strideHeight + i - layer.padTop
                            let column = q * layer.strideWidth + j - layer.padLeft
                            if let pixel = pixel(row, column) {
                                acc &+= dot(w, pixel, channels)
                            } else {
                                for c in 0..<channels { acc &+= Int32(w[c]) &* zx }
                            }
                            w += channels
                        }
                    }
                    y[at] = requant(acc, o)
                    at += 1
                }
            }
        }
    }

    func pointwise() {
        let channels = input.channels
        var at = 0
        for pixel in 0..<(input.height * input.width) {
            for o in 0..<output.channels {
                let acc = dot(weights + o * channels, x + pixel * channels, channels)
                y[at] = requant(acc, o)
                at += 1
            }
        }
    }

    func depthwise() {
        let (kh, kw) = (layer.kernelHeight, layer.kernelWidth)
        let k = output.channels / input.channels
        var at = 0
        for r in 0..<output.height {
            for q in 0..<output.width {
                for o in 0..<output.channels {
                    let c = o / k
                    var w = weights + o * kh * kw
                    var acc: Int32 = 0
                    for i in 0..<kh {
                        let row = r * layer.strideHeight + i - layer.padTop
                        for j in 0..<kw {
                            let column = q * layer.strideWidth + j - layer.padLeft
                            let x = pixel(row, column).map { Int32($0[c]) } ?? input.zeroPoint
                            acc &+= Int32(w.pointee) &* x
                            w += 1
                        }
                    }
                    y[at] = requant(acc, o)
                    at += 1
                }
            }
        }
    }

    func dense() {
        let count = input.elements
        for o in 0..<output.elements {
            y[o] = requant(dot(weights + o * count, x, count), o)
        }
    }

    private func dot(_ w: UnsafePointer<Int8>, _ x: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
        var acc: Int32 = 0
        for c in 0..<count { acc &+= Int32(w[c]) &* Int32(x[c]) }
        return acc
    }
}
