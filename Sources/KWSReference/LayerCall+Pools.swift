// SPDX-License-Identifier: Apache-2.0

extension LayerCall {
    func maxPool() {
        forEachOutput { r, q, c in
            let top = r * layer.strideHeight - layer.padTop
            let left = q * layer.strideWidth - layer.padLeft
            var largest: UInt8 = 0
            for row in max(0, top)..<min(input.height, top + layer.kernelHeight) {
                for column in max(0, left)..<min(input.width, left + layer.kernelWidth) {
                    largest = max(largest, x[(row * input.width + column) * input.channels + c])
                }
            }
            return largest
        }
    }

    func averagePool() {
        forEachOutput { r, q, c in
            var acc: Int32 = 0
            for i in 0..<layer.kernelHeight {
                for j in 0..<layer.kernelWidth {
                    let row = r * layer.strideHeight + i - layer.padTop
                    let column = q * layer.strideWidth + j - layer.padLeft
                    // acc <= taps * 255 < 2^24.
                    acc += pixel(row, column).map { Int32($0[c]) } ?? input.zeroPoint
                }
            }
            return requant(acc, 0)
        }
    }

    func mean() {
        for c in 0..<output.channels {
            var acc: Int32 = 0
            // acc < 2^16 * 255 < 2^24.
            for pixel in 0..<(input.height * input.width) {
                acc += Int32(x[pixel * input.channels + c])
            }
            y[c] = requant(acc, 0)
        }
    }

    /// Writes `value(row, column, channel)` to every element of the output.
    private func forEachOutput(_ value: (Int, Int, Int) -> UInt8) {
        var at = 0
        for r in 0..<output.height {
            for q in 0..<output.width {
                for c in 0..<output.channels {
                    y[at] = value(r, q, c)
                    at += 1
                }
            }
        }
    }
}
