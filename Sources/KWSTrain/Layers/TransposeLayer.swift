// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Another order of the axes: axis `a` of the output is axis `permutation[a]` of the input.
struct TransposeLayer: Layer {
    let input: Port
    let output: Port
    /// The input element of each output element.
    private let sources: [Int]

    init(input: Port, output: Port, shape: Shape, permutation: [Int]) {
        self.input = input
        self.output = output
        var strides = Array(repeating: 1, count: shape.rank)
        for axis in stride(from: shape.rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * shape.extents[axis + 1]
        }
        sources = permutation.reduce([0]) { starts, axis in
            starts.flatMap { start in
                (0..<shape.extents[axis]).map { start + $0 * strides[axis] }
            }
        }
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                let (x, y) = (input.data(sample), output.data(sample))
                for (i, source) in sources.enumerated() { y[i] = x[source] }
            }
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                guard let dx = input.gradient(sample), let dy = output.gradient(sample) else {
                    return
                }
                for (i, source) in sources.enumerated() { dx[source] = dy[i] }
            }
        }
    }
}
