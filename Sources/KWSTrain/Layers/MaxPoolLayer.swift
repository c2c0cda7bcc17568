// SPDX-License-Identifier: Apache-2.0

/// The largest number of each window; of equal ones the first gets the gradient.
struct MaxPoolLayer: Layer {
    let input: Port
    let output: Port
    let connections: Connections
    let channels: Int

    /// Calls `body` with each output pixel and its links.
    @inline(__always)
    private func eachPixel(_ body: (_ pixel: Int, _ links: ArraySlice<Connections.Link>) -> Void) {
        let groups = connections.byOutput
        for pixel in 0..<connections.outputPixels {
            body(pixel, groups.links[groups.starts[pixel]..<groups.starts[pixel + 1]])
        }
    }

    func forward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                let (x, y) = (input.data(sample), output.data(sample))
                eachPixel { pixel, links in
                    eachLanes(channels) { c, n in
                        var most = Lanes(repeating: -.infinity)
                        for link in links {
                            let candidate = (x + Int(link.input) * channels).lanes(c, n)
                            most.replace(with: candidate, where: candidate .> most)
                        }
                        (y + pixel * channels).store(most, c, n)
                    }
                }
            }
        }
    }

    func backward(_ pass: Pass) {
        pass.shards.run { shard in
            for sample in shard.samples {
                guard let dx = input.gradient(sample), let dy = output.gradient(sample) else {
                    return
                }
                let (x, y) = (input.data(sample), output.data(sample))
                dx.update(repeating: 0, count: input.elements)
                eachPixel { pixel, links in
                    eachLanes(channels) { c, n in
                        let most = (y + pixel * channels).lanes(c, n)
                        var left = (dy + pixel * channels).lanes(c, n)
                        for link in links {
                            let at = Int(link.input) * channels
                            let hit = (x + at).lanes(c, n) .== most
                            let gained = Lanes().replacing(with: left, where: hit)
                            (dx + at).store((dx + at).lanes(c, n) + gained, c, n)
                            left.replace(with: Lanes(), where: hit)
                        }
                    }
                }
            }
        }
    }
}
