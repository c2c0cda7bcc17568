// SPDX-License-Identifier: Apache-2.0

/// The oracle: tensors in the file's own axis order, operators by their definition, in double.
struct PlainTensor {
    var shape: [Int]
    var numbers: [Double]

    init(_ shape: [Int], _ numbers: [Float]) {
        self.shape = shape
        self.numbers = numbers.map(Double.init)
    }

    init(_ shape: [Int], doubles: [Double]) {
        self.shape = shape
        numbers = doubles
    }

    init(_ shape: [Int], zeros: Void) {
        self.shape = shape
        numbers = Array(repeating: 0, count: shape.reduce(1, *))
    }

    subscript(index: Int...) -> Double {
        get { numbers[offset(index)] }
        set { numbers[offset(index)] = newValue }
    }

    private func offset(_ index: [Int]) -> Int {
        zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }

    /// ONNX `Conv` on `[1][channels][height][width]`; pads top, left, bottom, right.
    func convolution(
        _ w: PlainTensor, bias: [Float], stride: (Int, Int), pads: [Int], group: Int
    ) -> PlainTensor {
        let (h, v) = (shape[2], shape[3])
        let rows = (h + pads[0] + pads[2] - w.shape[2]) / stride.0 + 1
        let columns = (v + pads[1] + pads[3] - w.shape[3]) / stride.1 + 1
        var y = PlainTensor([1, w.shape[0], rows, columns], zeros: ())
        let outputsPerGroup = w.shape[0] / group
        for o in 0..<w.shape[0] {
            for r in 0..<rows {
                for c in 0..<columns {
                    var sum = Double(bias[o])
                    for i in 0..<w.shape[1] {
                        for kr in 0..<w.shape[2] {
                            for kc in 0..<w.shape[3] {
                                let row = r * stride.0 + kr - pads[0]
                                let column = c * stride.1 + kc - pads[1]
                                guard (0..<h).contains(row), (0..<v).contains(column) else {
                                    continue
                                }
                                let channel = o / outputsPerGroup * w.shape[1] + i
                                sum += self[0, channel, row, column] * w[o, i, kr, kc]
                            }
                        }
                    }
                    y[0, o, r, c] = sum
                }
            }
        }
        return y
    }

    /// Axis `a` of the result is axis `permutation[a]`.
    func transposed(_ permutation: [Int]) -> PlainTensor {
        var y = PlainTensor(permutation.map { shape[$0] }, zeros: ())
        for i in y.numbers.indices {
            var rest = i
            var index = Array(repeating: 0, count: shape.count)
            for a in permutation.indices.reversed() {
                index[permutation[a]] = rest % y.shape[a]
                rest /= y.shape[a]
            }
            y.numbers[i] = numbers[offset(index)]
        }
        return y
    }

    /// Whether numbers agree to within float rounding of sums of up to a thousand such products.
    func agrees(with floats: some Collection<Float>) -> Bool {
        floats.count == numbers.count
            && zip(floats, numbers).allSatisfy { abs(Double($0) - $1) <= 1e-4 * max(1, abs($1)) }
    }
}
