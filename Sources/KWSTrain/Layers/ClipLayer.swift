// SPDX-License-Identifier: Apache-2.0

/// `min(max(x, lower), upper)`, where no batch norm before it does it on its way.
struct ClipLayer: Layer {
    let input: Port
    let output: Port
    let bounds: Bounds

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            let x = input.data(shard.samples.lowerBound)
            let y = output.data(shard.samples.lowerBound)
            eachLanes(shard.samples.count * input.elements) { i, n in
                y.store(bounds.clip(x.lanes(i, n)), i, n)
            }
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let dx = input.gradient(sample), let dy = output.gradient(sample) else { return }
            let x = input.data(sample)
            eachLanes(shard.samples.count * input.elements) { i, n in
                dx.store(bounds.pass(dy.lanes(i, n), at: x.lanes(i, n)), i, n)
            }
        }
    }
}
