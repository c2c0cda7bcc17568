// SPDX-License-Identifier: Apache-2.0

/// `y = a + b`; both get the output's gradient.
struct AddLayer: Layer {
    let inputs: [Port]
    let output: Port

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            let count = shard.samples.count * output.elements
            output.data(sample).update(from: inputs[0].data(sample), count: count)
            output.data(sample).add(inputs[1].data(sample), count: count)
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            for input in inputs {
                guard let dx = input.gradient(sample), let dy = output.gradient(sample) else {
                    continue
                }
                dx.update(from: dy, count: shard.samples.count * output.elements)
            }
        }
    }
}
