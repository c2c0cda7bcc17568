// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension LayerCall {
    func add() {
        let (m0, m1) = (Int32(multipliers[0]), Int32(multipliers[1]))
        for i in 0..<output.elements {
            // |acc| <= 2 * 255 * 2^15 + 2^30 < 2^31.
            let acc = Int32(x[i]) * m0 + Int32(x2[i]) * m1 + biases[0]
            y[i] = clip(acc >> layer.shift)
        }
    }

    func place() {
        for r in 0..<input.height {
            for q in 0..<input.width {
                let from = x + (r * input.width + q) * input.channels
                let pixel = (r + layer.padTop) * output.width + q + layer.padLeft
                let to = y + pixel * output.channels + layer.kernelWidth
                for c in 0..<input.channels {
                    // |acc| <= 255 * 2^15 + 2^30 < 2^31.
                    let acc = Int32(from[c]) * Int32(multipliers[0]) + biases[0]
                    to[c] = clip(acc >> layer.shift)
                }
            }
        }
    }

    func transpose() {
        let p = (layer.kernelHeight, layer.kernelWidth, layer.strideHeight)
        // Elements from one index to the next along each axis of the input.
        func step(_ axis: Int) -> Int {
            axis == 0 ? input.width * input.channels : axis == 1 ? input.channels : 1
        }
        var at = 0
        for i0 in 0..<output.height {
            for i1 in 0..<output.width {
                for i2 in 0..<output.channels {
                    y[at] = x[i0 * step(p.0) + i1 * step(p.1) + i2 * step(p.2)]
                    at += 1
                }
            }
        }
    }

    func view() {
        for i in 0..<output.elements { y[i] = x[i] }
    }

    func softmax() {
        let count = input.elements
        let isFine = output.elements != count
        let multiplier = UInt32(multipliers[0])
        var largest = x[0]
        for i in 1..<count { largest = max(largest, x[i]) }

        func e(_ i: Int) -> UInt32 {
            Fixed.exp2(UInt32(largest - x[i]) * multiplier, shift: UInt32(layer.shift))
        }
        // 2^15 <= S <= 4096 * 2^15 = 2^27, and 65536 e + S/2 <= 2^31 + 2^26.
        var sum: UInt32 = 0
        for i in 0..<count { sum += e(i) }
        for i in 0..<count {
            let posterior = min(65535, Fixed.div(65536 * e(i) + sum / 2, sum))
            if isFine {
                y[i] = UInt8(truncatingIfNeeded: posterior >> 8)
                y[count + i] = UInt8(truncatingIfNeeded: posterior)
            } else {
                y[i] = UInt8(truncatingIfNeeded: min(255, (posterior + 128) >> 8))
            }
        }
    }
}
