// SPDX-License-Identifier: Apache-2.0

extension LayerCall {
    func maxPool() {
        forEachOutput { r, q, c in
            var largest = Int8.min
            forEachTap(r, q) { pixel in
                // Outside the input there is no element.
                if let pixel { largest = max(largest, pixel[c]) }
            }
            return largest
        }
    }

    func averagePool() {
        forEachOutput { r, q, c in
            var acc: Int32 = 0
            forEachTap(r, q) { pixel in
                acc += pixel.map { Int32($0[c]) } ?? input.zeroPoint
            }
            return requant(acc, 0)
        }
    }

    /// Writes `value(row, column, channel)` to every element of the output.
    private func forEachOutput(_ value: (Int, Int, Int) -> Int8) {
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

    /// Shows the window of an output's place: the channels of each tap, or nil outside the input.
    private func forEachTap(_ r: Int, _ q: Int, _ body: (UnsafePointer<Int8>?) -> Void) {
        for i in 0..<layer.kernelHeight {
            for j in 0..<layer.kernelWidth {
                body(
                    pixel(
                        r * layer.strideHeight + i - layer.padTop,
                        q * layer.strideWidth + j - layer.padLeft))
            }
        }
    }
}
