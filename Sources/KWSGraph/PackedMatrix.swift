// SPDX-License-Identifier: Apache-2.0

/// A weight matrix with bias, stored in panels of eight output channels: `[panel][depth][8]`.
struct PackedMatrix: Sendable {
    /// Numbers of an input row.
    let depth: Int
    private let outputs: Int
    private let panels: [SIMD8<Float>]
    private let bias: [SIMD8<Float>]

    /// - Parameters:
    ///   - rows: weights `[bias.count][depth]`.
    init(rows: [Float], bias: [Float]) {
        outputs = bias.count
        depth = rows.count / bias.count
        var panels: [SIMD8<Float>] = []
        var biases: [SIMD8<Float>] = []
        for first in stride(from: 0, to: outputs, by: 8) {
            let lanes = 0..<min(8, outputs - first)
            var vector = SIMD8<Float>()
            for lane in lanes { vector[lane] = bias[first + lane] }
            biases.append(vector)
            for k in 0..<depth {
                for lane in lanes { vector[lane] = rows[(first + lane) * depth + k] }
                panels.append(vector)
            }
        }
        self.panels = panels
        self.bias = biases
    }

    /// `y[r][o] = bias[o] + sum_k x[r][k] w[o][k]` for dense rows of input and output.
    func multiply(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
        panels.withUnsafeBufferPointer { panels in
            for (index, bias) in bias.enumerated() {
                guard let panel = panels.baseAddress.map({ $0 + index * depth }) else { return }
                let first = index * 8
                var row = 0
                // Four rows share each load of weights.
                while row + 4 <= rows {
                    let (x0, y0) = (x + row * depth, y + row * outputs + first)
                    var (a, b, c, d) = (bias, bias, bias, bias)
                    for k in 0..<depth {
                        let w = panel[k]
                        a += w * x0[k]
                        b += w * x0[k + depth]
                        c += w * x0[k + 2 * depth]
                        d += w * x0[k + 3 * depth]
                    }
                    store(a, to: y0, first)
                    store(b, to: y0 + outputs, first)
                    store(c, to: y0 + 2 * outputs, first)
                    store(d, to: y0 + 3 * outputs, first)
                    row += 4
                }
                while row < rows {
                    let x0 = x + row * depth
                    var a = bias
                    for k in 0..<depth { a += panel[k] * x0[k] }
                    store(a, to: y + row * outputs + first, first)
                    row += 1
                }
            }
        }
    }

    @inline(__always)
    private func store(_ v: SIMD8<Float>, to y: UnsafeMutablePointer<Float>, _ first: Int) {
        if outputs - first >= 8 {
            UnsafeMutableRawPointer(y).storeBytes(of: v, as: SIMD8<Float>.self)
        } else {
            for lane in 0..<outputs - first { y[lane] = v[lane] }
        }
    }
}
