// SPDX-License-Identifier: Apache-2.0

/// The inputs' runs one behind the other: run i of every input, then run i + 1.
struct ConcatenateLayer: Layer {
    let inputs: [Port]
    let output: Port
    /// Runs of a sample: the product of the extents before the axis.
    let runs: Int

    /// Calls `body` with each input's runs and where they are in the output.
    @inline(__always)
    private func eachRun(_ body: (_ input: Port, _ from: Int, _ to: Int, _ count: Int) -> Void) {
        var start = 0
        for input in inputs {
            let count = input.elements / runs
            for run in 0..<runs {
                body(input, run * count, run * (output.elements / runs) + start, count)
            }
            start += count
        }
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                eachRun { input, from, to, count in
                    (output.data(sample) + to).update(
                        from: input.data(sample) + from, count: count)
                }
            }
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                eachRun { input, from, to, count in
                    guard let dx = input.gradient(sample), let dy = output.gradient(sample) else {
                        return
                    }
                    (dx + from).update(from: dy + to, count: count)
                }
            }
        }
    }
}
