// SPDX-License-Identifier: Apache-2.0

/// A named tensor of trained numbers, in the file's own axis order.
struct WeightTensor: Sendable {
    var name: String
    var shape: [Int]
    /// `shape`'s product, slowest axis first.
    var numbers: [Float]

    /// Rounds to float and refuses NaN and infinity.
    ///
    /// - Requires: `numbers.count` is the product of `shape`.
    init(
        name: String, shape: [Int], numbers: [Double], file: String
    ) throws(ModelFileError) {
        self.name = name
        self.shape = shape
        self.numbers = numbers.map(Float.init)
        if let bad = self.numbers.firstIndex(where: { !$0.isFinite }) {
            throw ModelFileError(
                file: file, place: "tensor '\(name)', number \(bad)", found: "\(numbers[bad])",
                allowed: "finite floats")
        }
    }

    init(name: String, shape: [Int], numbers: [Float]) {
        self.name = name
        self.shape = shape
        self.numbers = numbers
    }

    /// The numbers in another axis order.
    ///
    /// - Requires: `permutation` is one of the axes of `shape`; axis `a` of the result is axis
    ///   `permutation[a]` of the tensor.
    func transposed(_ permutation: [Int]) -> WeightTensor {
        guard permutation != Array(shape.indices), numbers.count > 1 else {
            return WeightTensor(name: name, shape: permutation.map { shape[$0] }, numbers: numbers)
        }
        var strides = Array(repeating: 1, count: shape.count)
        for a in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[a] = strides[a + 1] * shape[a + 1]
        }
        let extents = permutation.map { shape[$0] }
        let steps = permutation.map { strides[$0] }
        var index = Array(repeating: 0, count: extents.count)
        var source = 0
        var result: [Float] = []
        result.reserveCapacity(numbers.count)
        for _ in 0..<numbers.count {
            result.append(numbers[source])
            var axis = extents.count - 1
            while axis >= 0 {
                index[axis] += 1
                source += steps[axis]
                if index[axis] < extents[axis] { break }
                source -= steps[axis] * extents[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return WeightTensor(name: name, shape: extents, numbers: result)
    }
}
